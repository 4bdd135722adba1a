import { Button, SegmentedControl, Select } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import type { AccountView } from "../api/types";
import { mayWrite } from "../auth/may";
import { useMe } from "../auth/session";
import { useColleague } from "../sales/colleagues";
import { SalesNav } from "../sales/SalesNav";
import sales from "../sales/Sales.module.css";
import { EndlessRows, type RowPlace } from "../shared/EndlessRows";
import { Icon } from "../shared/Icon";
import { count } from "../shared/numbers";
import { SearchField } from "../shared/SearchField";
import { Empty, Failed, Loading } from "../shared/States";
import { RelativeTime } from "../shared/Time";
import styles from "./Accounts.module.css";
import { type AccountSearch, readAccounts } from "./filters";
import { NewAccount } from "./NewAccount";
import { accountsQuery } from "./queries";
import { countryName } from "../shared/countries";

const ROW_HEIGHT = 56;
const SORTS = [
  { value: "name", label: "By name" },
  { value: "-updated_at", label: "Changed last" },
  { value: "-created_at", label: "Newest first" },
  { value: "-employees", label: "Largest first" },
];

export function AccountsPage() {
  const me = useMe();
  const search = useSearch({ from: "/in/sales/accounts" });
  const navigate = useNavigate();
  const query = useInfiniteQuery(accountsQuery(search));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const [adding, { open, close }] = useDisclosure(false);
  const show = (change: { [name in keyof AccountSearch]: string | null }) =>
    void navigate({ to: "/sales/accounts", search: readAccounts({ ...search, ...change }), replace: true });
  const add = mayWrite(me) && <Button onClick={open}>New account</Button>;
  return (
    <div className={sales.page}>
      <SalesNav title="Accounts">
        <SearchField
          label="Search accounts"
          placeholder="Name of an account"
          q={search.q ?? ""}
          change={(q) => show({ q })}
          className={sales.search ?? ""}
        />
        <SegmentedControl
          size="xs"
          aria-label="Whose"
          value={search.owner ?? ""}
          onChange={(owner) => show({ owner })}
          data={[
            { value: "", label: "Everybody's" },
            { value: "me", label: "Mine" },
            { value: "none", label: "Nobody's" },
          ]}
        />
        <Select
          size="xs"
          aria-label="Order"
          allowDeselect={false}
          data={SORTS}
          value={search.sort ?? "name"}
          onChange={(sort) => show({ sort })}
        />
        {add}
      </SalesNav>
      {query.isPending ? (
        <Loading rows={8} height={40} />
      ) : query.isError && rows.length === 0 ? (
        <Failed what="The accounts could not be loaded." error={query.error} retry={() => void query.refetch()} />
      ) : rows.length === 0 ? (
        <Empty
          title={search.q ? `No account matches “${search.q}”` : "No accounts here"}
          icon="company"
          action={
            Object.keys(search).length > 0 ? (
              <Button variant="default" onClick={() => void navigate({ to: "/sales/accounts", search: {} })}>
                Show all accounts
              </Button>
            ) : (
              add
            )
          }
        >
          Companies and households that buy show here, with who speaks for them and what they may buy.
        </Empty>
      ) : (
        <EndlessRows rows={rows} rowHeight={ROW_HEIGHT} overscan={8} query={query}>
          {(account, place) => <AccountRow key={account.id} account={account} {...place} />}
        </EndlessRows>
      )}
      <NewAccount opened={adding} close={close} />
    </div>
  );
}

function AccountRow({ account, top, height }: { account: AccountView } & RowPlace) {
  const owner = useColleague(account.owner_id);
  return (
    <Link
      to="/sales/accounts/$accountId"
      params={{ accountId: account.id }}
      className={styles.row}
      style={{ height, transform: `translateY(${top}px)` }}
    >
      <span className={styles.mark}>
        <Icon name="company" size={18} />
      </span>
      <bdi className={`${styles.name} cut`}>{account.name}</bdi>
      <span className="cut">{account.industry ?? "no industry named"}</span>
      <span className="cut">{countryName(account.country)}</span>
      <span className="figures">
        {account.employees === null ? "" : `${count(account.employees)} people`}
      </span>
      <span className="cut">{owner ?? "nobody’s"}</span>
      <span className={styles.when}>
        <RelativeTime at={account.updated_at} />
      </span>
    </Link>
  );
}
