import { Anchor } from "@mantine/core";
import { Empty } from "../shared/States";

export function NotFoundPage() {
  return (
    <Empty
      title="There is no such page"
      icon="search"
      action={<Anchor href="/console/inbox/waiting">Go to the inbox</Anchor>}
    >
      The address may be mistyped, or what it showed is gone.
    </Empty>
  );
}
