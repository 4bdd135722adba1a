import { Drawer } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useLocation } from "@tanstack/react-router";
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from "react";
import type { StaffMessage } from "../api/types";
import { readPayload } from "../inbox/payload";
import { ExplanationPanel } from "./ExplanationPanel";
import styles from "./Explanation.module.css";

const WhyContext = createContext<((message: StaffMessage) => void) | null>(null);

/** One panel for all messages; it closes with the page that it was opened on. */
export function WhyProvider({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  const [message, setMessage] = useState<StaffMessage | null>(null);
  const [opened, { open, close }] = useDisclosure(false);
  const ask = useCallback(
    (asked: StaffMessage) => {
      setMessage(asked);
      open();
    },
    [open],
  );
  useEffect(close, [pathname, close]);
  return (
    <WhyContext value={ask}>
      {children}
      <Drawer
        opened={opened}
        onClose={close}
        position="right"
        size={480}
        title="Why it was understood so"
        padding={0}
        closeButtonProps={{ "aria-label": "Close the explanation" }}
        styles={{ header: { padding: "8px 16px", minHeight: 48 }, title: { fontWeight: 600 } }}
      >
        {message && <ExplanationPanel message={message} />}
      </Drawer>
    </WhyContext>
  );
}

/** Asks for the reasons; absent where nothing was read, as with a button that was pressed. */
export function WhyButton({ message }: { message: StaffMessage }) {
  const ask = useContext(WhyContext);
  if (!ask || !message.text.trim() || readPayload(message.payload).chosen) return null;
  return (
    <button type="button" className={styles.why} aria-haspopup="dialog" onClick={() => ask(message)}>
      Why?<span className="sr-only"> Explain how this message was understood</span>
    </button>
  );
}
