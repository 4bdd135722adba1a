import { ActionIcon, Button, Menu, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ConversationDetail } from "../api/types";
import { mayWrite } from "../auth/may";
import { useMe } from "../auth/session";
import { ConversationLabelPicker } from "../labels/ConversationLabels";
import { Icon, type IconName } from "../shared/Icon";
import { useShortcuts } from "../shell/shortcuts";
import { NewTicket } from "../tickets/NewTicket";
import styles from "./ConversationPane.module.css";
import { type Act, useActions } from "./useActions";

interface Choice {
  act: Act;
  label: string;
  key: string;
  icon: IconName;
  main: boolean;
}

/** What may be done now, the likeliest first. */
export function choicesFor(conversation: ConversationDetail, myId: string): Choice[] {
  if (conversation.status === "resolved") {
    return [{ act: "reopen", label: "Reopen", key: "e", icon: "reopen", main: true }];
  }
  const claim: Choice = { act: "claim", label: "Claim", key: "c", icon: "hand", main: true };
  const resolve: Choice = { act: "resolve", label: "Resolve", key: "e", icon: "check", main: false };
  const toBot: Choice = { act: "to-bot", label: "Hand back to the bot", key: "b", icon: "bot", main: false };
  const toQueue: Choice = { act: "to-queue", label: "To the queue", key: "u", icon: "clock", main: false };
  const { owner } = conversation;
  if (owner.kind === "agent" && owner.user?.id === myId) {
    return [{ ...resolve, main: true }, toBot, toQueue];
  }
  if (owner.kind === "agent") return [claim];
  if (owner.kind === "queue") return [claim, resolve, toBot];
  return [claim, resolve, toQueue];
}

interface ActionsProps {
  conversation: ConversationDetail;
  togglePanel: () => void;
}

export function ConversationActions({ conversation, togglePanel }: ActionsProps) {
  const me = useMe();
  const actions = useActions(conversation.id);
  const [isOpening, opening] = useDisclosure(false);
  const choices = mayWrite(me) ? choicesFor(conversation, me.id) : [];
  const act = (choice: Choice) => actions.mutate(choice.act);
  useShortcuts(
    actions.isPending ? [] : choices.map((choice) => ({ keys: choice.key, run: () => act(choice) })),
  );
  const [first, ...others] = choices;
  return (
    <div className={styles.actions}>
      {first && (
        <Tooltip label={`${first.label} (${first.key})`}>
          <Button
            leftSection={<Icon name={first.icon} />}
            loading={actions.isPending}
            onClick={() => act(first)}
          >
            {first.label}
          </Button>
        </Tooltip>
      )}
      {others.length > 0 && (
        <Menu position="bottom-end" width={230}>
          <Menu.Target>
            <ActionIcon variant="default" size={30} aria-label="More to do">
              <Icon name="more" />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {others.map((choice) => (
              <Menu.Item
                key={choice.act}
                leftSection={<Icon name={choice.icon} />}
                rightSection={<kbd>{choice.key}</kbd>}
                disabled={actions.isPending}
                onClick={() => act(choice)}
              >
                {choice.label}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      {mayWrite(me) && (
        <>
          <ConversationLabelPicker id={conversation.id} />
          <Tooltip label="New ticket">
            <ActionIcon
              variant="default"
              size={30}
              onClick={opening.open}
              aria-label="New ticket from this conversation"
            >
              <Icon name="ticket" />
            </ActionIcon>
          </Tooltip>
        </>
      )}
      <NewTicket conversation={conversation} opened={isOpening} close={opening.close} />
      <Tooltip label="Customer (d)">
        <ActionIcon variant="default" size={30} onClick={togglePanel} aria-label="Show or hide the customer">
          <Icon name="person" />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
