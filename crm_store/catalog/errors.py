"""What can go wrong in the catalog."""

from foundation.errors import NotFound


class ProductNotFound(NotFound):
    """No such product, or one that is no longer sold."""

    code = "product_not_found"
    title = "There is no such product"


class CategoryNotFound(NotFound):
    """No such category."""

    code = "category_not_found"
    title = "There is no such category"
