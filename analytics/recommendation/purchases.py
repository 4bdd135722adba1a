"""From order lines to the purchase matrix."""

from collections.abc import Iterable

import numpy as np
from scipy.sparse import csr_matrix

from analytics.recommendation.base import Purchases, TooFewOrders
from crm_store.insights.readers import OrderLineRow


def build_purchases(lines: Iterable[OrderLineRow]) -> Purchases:
    """Sum quantities per customer and product; both sorted by id, so that runs are repeatable.

    Raises:
        TooFewOrders: there are no lines.
    """
    bought = list(lines)
    if not bought:
        raise TooFewOrders
    customer_ids = sorted({line.customer_id for line in bought})
    product_ids = sorted({line.product_id for line in bought})
    row_of = {customer_id: row for row, customer_id in enumerate(customer_ids)}
    column_of = {product_id: column for column, product_id in enumerate(product_ids)}
    rows = [row_of[line.customer_id] for line in bought]
    columns = [column_of[line.product_id] for line in bought]
    quantities = np.asarray([line.quantity for line in bought], dtype=np.float32)
    matrix = csr_matrix((quantities, (rows, columns)), shape=(len(customer_ids), len(product_ids)))
    matrix.sum_duplicates()
    return Purchases(customer_ids, product_ids, matrix)
