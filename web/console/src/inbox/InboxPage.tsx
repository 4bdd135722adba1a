import { Drawer } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { useParams } from "@tanstack/react-router";
import { CustomerPanel } from "../customers/CustomerPanel";
import { useShortcuts } from "../shell/shortcuts";
import { Empty } from "../shared/States";
import { ConversationList } from "./ConversationList";
import { ConversationPane } from "./ConversationPane";
import styles from "./Inbox.module.css";
import { useConversation } from "./useConversation";
import { viewOf } from "./views";

export function InboxPage() {
  const { view: name, conversationId } = useParams({ strict: false });
  const view = viewOf(name ?? "");
  const isWide = useMediaQuery("(min-width: 75em)", true, { getInitialValueInEffect: false });
  const [beside, { toggle: toggleBeside }] = useDisclosure(true);
  const [drawer, { toggle: toggleDrawer, close: closeDrawer }] = useDisclosure(false);
  const conversation = useConversation(conversationId);
  const togglePanel = isWide ? toggleBeside : toggleDrawer;

  useShortcuts(conversationId ? [{ keys: "d", run: togglePanel }] : []);

  const panel = <CustomerPanel conversation={conversation.data} failed={conversation.error} />;
  const showBeside = isWide && beside && conversationId !== undefined;
  return (
    <div
      className={styles.inbox}
      data-open={conversationId !== undefined}
      data-panel={showBeside ? "beside" : "away"}
    >
      <section className={`${styles.pane} ${styles.list}`} aria-label={`Conversations: ${view.label}`}>
        <ConversationList key={view.name} view={view} openId={conversationId} />
      </section>
      <section className={`${styles.pane} ${styles.talk}`} aria-label="Conversation">
        {conversationId ? (
          <ConversationPane
            key={conversationId}
            id={conversationId}
            view={view}
            togglePanel={togglePanel}
          />
        ) : (
          <Empty title="Choose a conversation" icon="inbox">
            Press <kbd>j</kbd> for the first one. It opens here with what was understood and who the
            customer is.
          </Empty>
        )}
      </section>
      {showBeside && (
        <aside className={styles.pane} aria-label="Customer">
          {panel}
        </aside>
      )}
      {!isWide && (
        <Drawer
          opened={drawer && conversationId !== undefined}
          onClose={closeDrawer}
          position="right"
          size={360}
          title="Customer"
          padding={0}
          closeButtonProps={{ "aria-label": "Close the customer" }}
          styles={{ header: { padding: "8px 16px", minHeight: 48 } }}
        >
          {panel}
        </Drawer>
      )}
    </div>
  );
}
