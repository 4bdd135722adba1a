"""``/api/v1/widget/attachments``: files from the customer, and back to them."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, File, Request, UploadFile
from fastapi.responses import FileResponse

from crm_store.conversations.service import ConversationService
from crm_store.models import Attachment
from foundation.errors import NotFound
from foundation.ids import token_digest
from gateway.parts import Parts, PartsDep
from gateway.widget.attachments import AttachmentFiles, safe_filename
from gateway.widget.schemas import AttachmentView
from gateway.widget.visitors import SessionToken, address_of

router = APIRouter(prefix="/widget/attachments", tags=["widget"])


@router.post("", status_code=201)
def upload_attachment(
    file: Annotated[UploadFile, File()], request: Request, token: SessionToken, parts: PartsDep
) -> AttachmentView:
    """Keep a file; a message that names its identifier shows it."""
    parts.message_rate.take(token_digest(token), detail="These are too many files at once.")
    # By address too: sessions cost nothing, and the disk is everybody's.
    parts.upload_rate.take(address_of(request), detail="Too many files were sent from here.")
    files = attachment_files(parts)
    content_type, size = files.measure(file.file)
    filename = safe_filename(file.filename, content_type)
    with parts.database.transaction() as session:
        service = ConversationService(session)
        conversation, _ = service.by_session_token(token)
        attachment = service.add_attachment(
            conversation.id, filename=filename, content_type=content_type, size=size
        )
        # Inside the transaction: a row without its bytes never becomes visible.
        files.write(attachment.id, file.file)
    return AttachmentView(id=attachment.id, filename=filename, content_type=content_type, size=size)


@router.get("/{attachment_id}", response_class=FileResponse)
def download_own_attachment(
    attachment_id: UUID, token: SessionToken, parts: PartsDep
) -> FileResponse:
    """A file of the caller's own conversation."""
    with parts.database.reading() as session:
        service = ConversationService(session)
        conversation, _ = service.by_session_token(token)
        attachment = service.attachment(conversation.id, attachment_id)
    return attachment_response(parts, attachment)


def attachment_files(parts: Parts) -> AttachmentFiles:
    """The store of the bytes."""
    return AttachmentFiles(
        parts.settings.var / "attachments", max_bytes=parts.settings.max_attachment_bytes
    )


def attachment_response(parts: Parts, attachment: Attachment) -> FileResponse:
    """The file as a download: no page of ours ever renders what a visitor sent."""
    path = attachment_files(parts).path(attachment.id)
    if not path.is_file():
        raise NotFound("The file is no longer here.")
    return FileResponse(
        path,
        media_type=attachment.content_type,
        filename=attachment.filename,
        content_disposition_type="attachment",
    )
