import { Button, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Avatar } from "../shared/Avatar";
import { EndlessRows } from "../shared/EndlessRows";
import { Icon } from "../shared/Icon";
import { Empty, Failed, Loading } from "../shared/States";
import styles from "./Customer.module.css";
import { customersQuery } from "./queries";

const ROW_HEIGHT = 56;

export function CustomersPage() {
  const { q = "" } = useSearch({ from: "/in/customers" });
  const navigate = useNavigate();
  const [typed, setTyped] = useState(q);
  useEffect(() => setTyped(q), [q]);
  const search = useDebouncedCallback((value: string) => {
    const next = value.trim();
    void navigate({ to: "/customers", search: next ? { q: next } : {}, replace: true });
  }, 250);
  const query = useInfiniteQuery(customersQuery(q));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className={styles.results}>
      <div className={styles.search}>
        <h1>Customers</h1>
        <TextInput
          type="search"
          placeholder="Name, e-mail, phone or order number"
          aria-label="Search customers"
          leftSection={<Icon name="search" />}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            search(event.currentTarget.value);
          }}
        />
      </div>
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
          title={q ? `Nobody matches “${q}”` : "No customers yet"}
          icon="people"
          action={
            q ? (
              <Button variant="default" onClick={() => void navigate({ to: "/customers", search: {} })}>
                Show everybody
              </Button>
            ) : undefined
          }
        >
          {q
            ? "Searched in names, e-mail addresses, phone and order numbers."
            : "Customers show here after an import, or when they first log in at the shop."}
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
    </div>
  );
}
