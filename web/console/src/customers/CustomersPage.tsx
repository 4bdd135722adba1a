import { Button, Select } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { mayWrite } from "../auth/may";
import { useMe } from "../auth/session";
import sales from "../sales/Sales.module.css";
import { Avatar } from "../shared/Avatar";
import { EndlessRows } from "../shared/EndlessRows";
import { SearchField } from "../shared/SearchField";
import { Empty, Failed, Loading } from "../shared/States";
import styles from "./Customer.module.css";
import { CustomerDialog } from "./CustomerDialog";
import { CustomerFilters } from "./CustomerFilters";
import { CustomersNav } from "./CustomersNav";
import { type CustomerSearch, readCustomers } from "./filters";
import { customersQuery } from "./queries";

const ROW_HEIGHT = 56;
const USUAL = "usual";

export function CustomersPage() {
  const me = useMe();
  const search = useSearch({ from: "/in/customers" });
  const navigate = useNavigate();
  const query = useInfiniteQuery(customersQuery(search));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const [adding, { open, close }] = useDisclosure(false);
  const show = (change: { [name in keyof CustomerSearch]: string | null }) =>
    void navigate({ to: "/customers", search: readCustomers({ ...search, ...change }), replace: true });
  const isNarrowed = Object.keys(search).some((name) => name !== "sort");
  const add = mayWrite(me) && <Button onClick={open}>New customer</Button>;
  return (
    <div className={styles.results}>
      <CustomersNav title="Customers">
        <SearchField
          label="Search customers"
          placeholder="Name, e-mail, phone or order number"
          q={search.q ?? ""}
          change={(q) => show({ q })}
          className={sales.search ?? ""}
        />
        <CustomerFilters search={search} show={show} />
        <Select
          size="xs"
          aria-label="Order"
          allowDeselect={false}
          data={sorts(search)}
          value={search.sort ?? USUAL}
          onChange={(sort) => show({ sort: sort === USUAL ? null : sort })}
        />
        {add}
      </CustomersNav>
      {query.isPending ? (
        <Loading rows={8} height={40} />
      ) : query.isError && rows.length === 0 ? (
        <Failed
          what="The customers could not be loaded."
          error={query.error}
          retry={() => void query.refetch()}
        />
      ) : rows.length === 0 ? (
        <Empty
          title={search.q ? `Nobody matches “${search.q}”` : isNarrowed ? "Nobody is like that" : "No customers yet"}
          icon="people"
          action={
            isNarrowed ? (
              <Button variant="default" onClick={() => void navigate({ to: "/customers", search: {} })}>
                Show everybody
              </Button>
            ) : (
              add
            )
          }
        >
          {search.q
            ? "Searched in names, e-mail addresses, phone and order numbers."
            : isNarrowed
              ? "A country is found by its name or two letters, a city by its whole name."
              : "Customers show here after an import, when they first log in at the shop, or added by you."}
        </Empty>
      ) : (
        <EndlessRows rows={rows} rowHeight={ROW_HEIGHT} overscan={8} query={query}>
          {(customer, { top, height }) => (
            <Link
              key={customer.id}
              to="/customers/$customerId"
              params={{ customerId: customer.id }}
              className={styles.row}
              style={{ height, transform: `translateY(${top}px)` }}
            >
              <Avatar name={customer.name} kind="customer" size={32} />
              <bdi className={`${styles.name} cut`}>{customer.name}</bdi>
              <span className="cut">{customer.email ?? "no e-mail"}</span>
              <span className="cut figures">{customer.phone ?? ""}</span>
              <span className="cut">{[customer.city, customer.country].filter(Boolean).join(", ")}</span>
              <span className={`${styles.small} figures`}>since {new Date(customer.created_at).getFullYear()}</span>
            </Link>
          )}
        </EndlessRows>
      )}
      <CustomerDialog opened={adding} close={close} />
    </div>
  );
}

/** Words alone put the best match first; every other list is newest first. */
function sorts(search: CustomerSearch) {
  const byFit = search.q !== undefined && Object.keys(search).every((name) => name === "q" || name === "sort");
  return [
    { value: USUAL, label: byFit ? "Best match first" : "Newest first" },
    ...(byFit ? [{ value: "-created_at", label: "Newest first" }] : []),
    { value: "name", label: "By name" },
    { value: "-updated_at", label: "Changed last" },
  ];
}
