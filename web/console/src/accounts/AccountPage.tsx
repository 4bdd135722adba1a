import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { api } from "../api/client";
import { keys } from "../api/keys";
import { reasonOf, unwrap } from "../api/problems";
import type { AccountDetail } from "../api/types";
import { mayWrite } from "../auth/may";
import { useMe } from "../auth/session";
import { useColleague } from "../sales/colleagues";
import styles from "../sales/Opportunity.module.css";
import sales from "../sales/Sales.module.css";
import { countryName } from "../shared/countries";
import { Icon } from "../shared/Icon";
import { Failed, Loading } from "../shared/States";
import { RelativeTime } from "../shared/Time";
import { useFields } from "../shared/useFields";
import { AccountFields, draftOf, isComplete, patchOf } from "./AccountFields";
import { Contacts } from "./Contacts";
import { MergeAccounts } from "./MergeAccounts";
import { AccountOpportunities, AccountTickets } from "./related";
import { accountQuery } from "./queries";

export function AccountPage() {
  const { accountId } = useParams({ from: "/in/sales/accounts/$accountId" });
  const query = useQuery(accountQuery(accountId));
  if (query.isPending) return <Loading rows={6} height={48} />;
  if (query.isError) {
    return <Failed what="This account could not be loaded." error={query.error} retry={() => void query.refetch()} />;
  }
  return <Detail key={accountId} account={query.data} />;
}

function Detail({ account }: { account: AccountDetail }) {
  const me = useMe();
  const owner = useColleague(account.owner_id);
  const [merging, { open, close }] = useDisclosure(false);
  const about = [account.industry, countryName(account.country), owner ? `looked after by ${owner}` : "nobody’s"];
  return (
    <div className={styles.detail}>
      <header className={styles.detailHead}>
        <Link to="/sales/accounts" aria-label="Back to the accounts" className={styles.back}>
          <Icon name="back" size={18} />
        </Link>
        <div className={sales.grow}>
          <h1>
            <bdi>{account.name}</bdi>
          </h1>
          <p>
            <span>{about.filter(Boolean).join(" · ")}</span>
            <span>
              changed <RelativeTime at={account.updated_at} />
            </span>
          </p>
        </div>
        {mayWrite(me) && (
          <Button variant="default" leftSection={<Icon name="merge" />} onClick={open}>
            Merge
          </Button>
        )}
      </header>
      <div className={styles.detailBody}>
        <AccountForm key={account.version} account={account} />
        <div className={styles.side}>
          <Contacts account={account} />
          <AccountOpportunities account={account} />
          <AccountTickets account={account} />
        </div>
      </div>
      <MergeAccounts account={account} opened={merging} close={close} />
    </div>
  );
}

/** What is known of the account, saved together with the version that was seen. */
function AccountForm({ account }: { account: AccountDetail }) {
  const me = useMe();
  const client = useQueryClient();
  const { values, set, changed, isChanged } = useFields(draftOf(account));
  const save = useMutation({
    mutationFn: () =>
      unwrap(
        api.PATCH("/api/v1/accounts/{account_id}", {
          params: { path: { account_id: account.id } },
          body: { version: account.version, ...patchOf(changed) },
        }),
      ),
    onSuccess: (row) => {
      client.setQueryData<AccountDetail>(keys.account(account.id), (before) => before && { ...before, ...row });
      void client.invalidateQueries({ queryKey: keys.allAccounts });
    },
    onError: (error) => {
      notifications.show({ color: "red", title: "The changes were not saved", message: reasonOf(error) });
      void client.invalidateQueries({ queryKey: keys.account(account.id) });
    },
  });
  return (
    <form
      className={styles.fields}
      aria-label="Details"
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged && isComplete(values)) save.mutate();
      }}
    >
      <AccountFields draft={values} set={set} disabled={!mayWrite(me)} />
      {mayWrite(me) && (
        <div>
          <Button type="submit" disabled={!isChanged || !isComplete(values)} loading={save.isPending}>
            Save
          </Button>
        </div>
      )}
    </form>
  );
}
