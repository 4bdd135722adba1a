import { Anchor, Button, Modal, Select } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { OrderView } from "../api/types";
import sales from "../sales/Sales.module.css";
import { StatusChip } from "../shared/Chip";
import { EndlessRows, type RowPlace } from "../shared/EndlessRows";
import { money } from "../shared/numbers";
import { SearchField } from "../shared/SearchField";
import { Empty, Failed, Loading } from "../shared/States";
import { RelativeTime } from "../shared/Time";
import { humanise } from "../shared/words";
import styles from "./Customer.module.css";
import { CustomersNav } from "./CustomersNav";
import { DayRange } from "./DayRange";
import { ORDER_STATUSES, type OrderSearch, readOrders } from "./filters";
import { FoldedFilters } from "./FoldedFilters";
import { OrderDetails } from "./Orders";
import { orderQuery, ordersQuery } from "./queries";

const ROW_HEIGHT = 56;
const NEWEST = "-placed_at";
const SORTS = [
  { value: NEWEST, label: "Newest first" },
  { value: "placed_at", label: "Oldest first" },
  { value: "-number", label: "By number" },
];

export function OrdersPage() {
  const search = useSearch({ from: "/in/customers/orders" });
  const navigate = useNavigate();
  const query = useInfiniteQuery(ordersQuery(search));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const show = (change: { [name in keyof OrderSearch]: string | null }) =>
    void navigate({ to: "/customers/orders", search: readOrders({ ...search, ...change }), replace: true });
  const isNarrowed = Boolean(search.q || search.status || search.from || search.to);
  return (
    <div className={styles.results}>
      <CustomersNav title="Orders">
        <SearchField
          label="Search orders"
          placeholder="Number, name or whole e-mail"
          q={search.q ?? ""}
          change={(q) => show({ q })}
          className={sales.search ?? ""}
        />
        <FoldedFilters
          count={[search.status, search.from, search.to].filter(Boolean).length}
          clear={() => show({ status: null, from: null, to: null })}
        >
          <Select
            size="xs"
            label="Status"
            placeholder="Any"
            clearable
            comboboxProps={{ withinPortal: false }}
            data={ORDER_STATUSES.map((value) => ({ value, label: humanise(value) }))}
            value={search.status ?? null}
            onChange={(status) => show({ status })}
          />
          <DayRange label="Placed" search={search} show={show} />
        </FoldedFilters>
        <Select
          size="xs"
          aria-label="Order"
          allowDeselect={false}
          data={SORTS}
          value={search.sort ?? NEWEST}
          onChange={(sort) => show({ sort })}
        />
      </CustomersNav>
      {query.isPending ? (
        <Loading rows={8} height={40} />
      ) : query.isError && rows.length === 0 ? (
        <Failed what="The orders could not be loaded." error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <Empty
          title={search.q ? `No order matches “${search.q}”` : isNarrowed ? "No such orders" : "No orders yet"}
          icon="table"
          action={
            isNarrowed && (
              <Button variant="default" onClick={() => void navigate({ to: "/customers/orders", search: {} })}>
                Show all orders
              </Button>
            )
          }
        >
          Orders come from the shop, or by an import.
        </Empty>
      ) : (
        <EndlessRows rows={rows} rowHeight={ROW_HEIGHT} overscan={8} query={query}>
          {(order, place) => (
            <OrderRow key={order.id} order={order} open={() => show({ order: order.number })} {...place} />
          )}
        </EndlessRows>
      )}
      <Modal
        opened={search.order !== undefined}
        onClose={() => show({ order: null })}
        title={<b>Order {search.order}</b>}
      >
        {search.order && <OneOrder number={search.order} />}
      </Modal>
    </div>
  );
}

function OrderRow({ order, open, top, height }: { order: OrderView; open: () => void } & RowPlace) {
  return (
    <button
      type="button"
      className={`${styles.row} ${styles.orderRow}`}
      style={{ height, transform: `translateY(${top}px)` }}
      onClick={open}
    >
      <span className={`${styles.name} figures`}>{order.number}</span>
      <bdi className="cut">{order.customer_name}</bdi>
      <span>
        <StatusChip status={order.status} />
      </span>
      <span className={`${styles.amount} figures`}>{money(order.total_minor, order.currency)}</span>
      <span className={styles.small}>
        <RelativeTime at={order.placed_at} />
      </span>
    </button>
  );
}

function OneOrder({ number }: { number: string }) {
  const { data: order } = useQuery(orderQuery(number));
  return (
    <>
      {order && (
        <p className={styles.asked}>
          <StatusChip status={order.status} />{" "}
          <Anchor
            renderRoot={(props) => (
              <Link to="/customers/$customerId" params={{ customerId: order.customer_id }} {...props} />
            )}
          >
            <bdi>{order.customer_name}</bdi>
          </Anchor>
          , {money(order.total_minor, order.currency)}
        </p>
      )}
      <div className={styles.alone}>
        <OrderDetails number={number} />
      </div>
    </>
  );
}
