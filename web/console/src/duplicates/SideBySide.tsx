import { Radio } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { DuplicateView, PairCustomer } from "../api/types";
import { Avatar } from "../shared/Avatar";
import { Icon } from "../shared/Icon";
import { rowsOf, type Row } from "./compare";
import styles from "./Duplicates.module.css";

interface Props {
  pair: DuplicateView;
  keep: string;
  /** Absent where nothing is to be chosen any more. */
  choose?: (id: string) => void;
}

/** Both records, a line a field; a line that differs is marked and says so. */
export function SideBySide({ pair, keep, choose }: Props) {
  return (
    <table className={styles.sides}>
      <thead>
        <tr>
          <td />
          {[pair.first, pair.second].map((customer) => (
            <th key={customer.id} scope="col">
              <Head customer={customer} isKept={customer.id === keep} {...(choose ? { choose } : {})} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rowsOf(pair).map((row) => (
          <tr key={row.label} data-differs={row.differs}>
            <th scope="row">
              {row.label}
              {row.differs && <span className={styles.differs}>differs</span>}
            </th>
            <Cell value={row.first} verified={row.verified[0]} row={row} />
            <Cell value={row.second} verified={row.verified[1]} row={row} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Head({
  customer,
  isKept,
  choose,
}: {
  customer: PairCustomer;
  isKept: boolean;
  choose?: (id: string) => void;
}) {
  return (
    <div className={styles.person}>
      <Avatar name={customer.name} kind="customer" size={32} />
      <div className={styles.grow}>
        <Link to="/customers/$customerId" params={{ customerId: customer.id }} className="cut">
          <bdi>{customer.name}</bdi>
        </Link>
        {choose && (
          <Radio
            size="xs"
            name="keep"
            label="Keep this record"
            checked={isKept}
            onChange={() => choose(customer.id)}
          />
        )}
      </div>
    </div>
  );
}

function Cell({ value, verified, row }: { value: string; verified: boolean; row: Row }) {
  return (
    <td className={row.label === "Phone" ? "figures" : ""}>
      {value ? <bdi>{value}</bdi> : <span className={styles.none}>–</span>}
      {verified && (
        <span className={styles.verified}>
          <Icon name="verified" size={14} /> verified
        </span>
      )}
    </td>
  );
}
