"""What can go wrong with a pipeline."""

from foundation.errors import NotFound


class PipelineNotFound(NotFound):
    """Absent."""

    code = "pipeline_not_found"
    title = "No such pipeline"


class StageNotFound(NotFound):
    """Absent, or a stage of another pipeline."""

    code = "stage_not_found"
    title = "This pipeline has no such stage"
