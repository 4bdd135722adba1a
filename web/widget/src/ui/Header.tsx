import { useEffect, useRef, useState } from "preact/hooks";
import type { State } from "../store";
import { words } from "../words";
import { Avatar } from "./Avatar";
import { useGround } from "./hooks";
import { CloseIcon, DownloadIcon, MoreIcon, PersonIcon, ShieldIcon } from "./icons";

/** Who speaks on the other side, by name and by role. */
function speaker(state: State, title: string): { name: string; role: string } {
  const { kind, name } = state.owner;
  if (kind === "agent") return { name: name ?? words.agentRole, role: name ? words.agentRole : "" };
  if (kind === "queue") {
    const place = state.queuePosition;
    return { name: title, role: place === null ? words.queueRole : words.queuePlace(place) };
  }
  return { name: title, role: state.verified ? words.assistant : words.assistantRole };
}

export function Header({ state, onClose }: { state: State; onClose: () => void }) {
  const { config } = useGround();
  const { kind, name } = state.owner;
  const shown = speaker(state, config.title || words.title);
  return (
    <div class="header">
      <Avatar author={kind === "agent" ? "agent" : "bot"} name={name} large />
      <div class="who">
        <h2 id="kefu-title" class="name" dir="auto">
          {shown.name}
        </h2>
        <p class="role" role="status">
          {kind !== "queue" && state.link !== "offline" ? <span class="dot" aria-hidden="true" /> : null}
          {kind === "queue" ? <span class="dot waiting" aria-hidden="true" /> : null}
          <span class="role-text">{shown.role}</span>
          {state.verified ? (
            <span class="verified" data-testid="kefu-verified" title={words.verifiedHint}>
              <ShieldIcon />
              {words.verified}
            </span>
          ) : null}
        </p>
      </div>
      <Menu state={state} />
      <button type="button" class="icon-button" aria-label={words.close} data-testid="kefu-close" onClick={onClose}>
        <CloseIcon />
      </button>
    </div>
  );
}

function Menu({ state }: { state: State }) {
  const { client } = useGround();
  const [isOpen, setOpen] = useState(false);
  const toggle = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);

  const close = (focus: boolean) => {
    setOpen(false);
    if (focus) toggle.current?.focus();
  };

  useEffect(() => {
    if (!isOpen) return;
    menu.current?.querySelector<HTMLElement>("[role=menuitem]:not([disabled])")?.focus();
    const root = toggle.current?.getRootNode();
    const outside = (event: Event) => {
      if (event.target instanceof Node && !menu.current?.parentNode?.contains(event.target)) setOpen(false);
    };
    root?.addEventListener("pointerdown", outside);
    return () => root?.removeEventListener("pointerdown", outside);
  }, [isOpen]);

  const keys = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      close(true);
    } else if (event.key === "Tab") close(false);
    else if (step) {
      event.preventDefault();
      const items = [...(menu.current?.querySelectorAll<HTMLElement>("[role=menuitem]:not([disabled])") ?? [])];
      const at = items.indexOf(event.target as HTMLElement);
      items[(at + step + items.length) % items.length]?.focus();
    }
  };

  const download = async () => {
    close(true);
    try {
      const { filename, text } = await client.transcript();
      const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
      const link = document.createElement("a");
      link.href = url;
      link.download = filename;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    } catch {
      client.store.set({ notice: words.downloadFailed });
    }
  };

  return (
    <div class="menu-holder">
      <button
        ref={toggle}
        type="button"
        class="icon-button"
        aria-label={words.menu}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        data-testid="kefu-menu"
        onClick={() => setOpen(!isOpen)}
      >
        <MoreIcon />
      </button>
      {isOpen ? (
        <div ref={menu} class="menu" role="menu" aria-label={words.menu} onKeyDown={keys}>
          <button
            type="button"
            role="menuitem"
            tabIndex={-1}
            data-testid="kefu-talk"
            disabled={state.owner.kind !== "bot"}
            onClick={() => {
              close(false);
              client.send(words.talkText);
            }}
          >
            <PersonIcon />
            {words.talk}
          </button>
          <button
            type="button"
            role="menuitem"
            tabIndex={-1}
            data-testid="kefu-transcript"
            disabled={state.messages.length === 0}
            onClick={() => void download()}
          >
            <DownloadIcon />
            {words.download}
          </button>
        </div>
      ) : null}
    </div>
  );
}
