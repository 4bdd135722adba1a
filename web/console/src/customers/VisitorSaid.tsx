import type { ConversationDetail } from "../api/types";
import { Chip } from "../shared/Chip";
import styles from "./Customer.module.css";
import { Section } from "./Section";

/** What the visitor and the shop's page told, apart from the record: none of it is proven. */
export function VisitorSaid({ visitor }: { visitor: ConversationDetail["visitor"] }) {
  const facts: [string, string][] = [
    ...visitor.answers.map(({ label, value }): [string, string] => [label, said(value)]),
    ...Object.entries(visitor.attributes).map(([name, value]): [string, string] => [name, said(value)]),
  ];
  if (visitor.page) facts.push(["Page", visitor.page.title || visitor.page.path]);
  if (visitor.locale) facts.push(["Language", visitor.locale]);
  if (facts.length === 0) return null;
  return (
    <Section title="Told in the chat" aside={<Chip tone="warn" icon="unverified">Not verified</Chip>}>
      <dl className={styles.told}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>
              <bdi>{label}</bdi>
            </dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function said(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
}
