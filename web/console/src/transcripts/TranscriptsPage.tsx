import { useParams, useSearch } from "@tanstack/react-router";
import { useMe } from "../auth/session";
import panes from "../shared/ListAndDetail.module.css";
import { Empty } from "../shared/States";
import { TranscriptList } from "./TranscriptList";
import { TranscriptReader } from "./TranscriptReader";

export function TranscriptsPage() {
  const me = useMe();
  const filters = useSearch({ from: "/in/transcripts" });
  const { conversationId } = useParams({ strict: false });
  if (me.role !== "admin") {
    return (
      <Empty title="Transcripts are for admins" icon="lock">
        You see the conversations you work with in the inbox.
      </Empty>
    );
  }
  return (
    <div className={panes.page} data-open={conversationId !== undefined}>
      <section className={`${panes.pane} ${panes.found}`} aria-label="Found conversations">
        <TranscriptList filters={filters} openId={conversationId} />
      </section>
      <section className={`${panes.pane} ${panes.read}`} aria-label="Transcript">
        {conversationId ? (
          <TranscriptReader key={conversationId} id={conversationId} filters={filters} />
        ) : (
          <Empty title="Choose a conversation" icon="transcript">
            It opens here, read only, with what was understood of every message.
          </Empty>
        )}
      </section>
    </div>
  );
}
