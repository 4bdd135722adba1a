import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError } from "../api";
import { allowed, chime } from "../alerts";
import { isStaffed } from "../site";
import type { State } from "../store";
import { words } from "../locale";
import { Avatar } from "./Avatar";
import { useGround } from "./hooks";
import { CheckIcon, CloseIcon, DownloadIcon, MailIcon, MoreIcon, PersonIcon, ShieldIcon } from "./icons";

/** Who speaks on the other side, by name and by role. */
function speaker(state: State, title: string): { name: string; role: string } {
  const { kind, name } = state.owner;
  if (kind === "agent") return { name: name ?? words.agentRole, role: name ? words.agentRole : "" };
  if (kind === "queue") {
    return { name: title, role: words.queueRole };
  }
  return { name: title, role: state.verified ? words.assistant : words.assistantRole };
}

export function Header({ state, onClose }: { state: State; onClose: () => void }) {
  const { client, config } = useGround();
  const { kind, name } = state.owner;
  const shown = speaker(state, config.title || client.site.appearance.title || words.title);
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
            <span class="verified" data-testid="kefu-verified">
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

const ITEMS = "[role^=menuitem]:not([disabled])";

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
    menu.current?.querySelector<HTMLElement>(ITEMS)?.focus();
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
      const items = [...(menu.current?.querySelectorAll<HTMLElement>(ITEMS) ?? [])];
      const at = items.indexOf(event.target as HTMLElement);
      items[(at + step + items.length) % items.length]?.focus();
    }
  };

  const tell = (notice: string) => client.store.set({ notice });

  const email = async () => {
    close(true);
    try {
      await client.emailTranscript();
      tell(words.emailed);
    } catch (error) {
      tell((error instanceof ApiError && error.detail) || words.tryLater);
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
      tell(words.tryLater);
    }
  };

  const talk = () => {
    close(false);
    if (away) client.store.set({ leaving: true });
    else client.send(words.talkText);
  };

  const finish = () => {
    close(true);
    client.finish();
  };

  const { site, prefs } = client;
  const away = site.offline_form && !isStaffed(site, Date.now());
  const isEmpty = state.messages.length === 0;
  const item = (name: string, icon: JSX.Element, label: string, act: () => void, disabled = false) => (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      data-testid={`kefu-${name}`}
      disabled={disabled}
      onClick={act}
    >
      {icon}
      {label}
    </button>
  );
  const option = (name: "sound" | "alerts", allow: () => boolean | Promise<boolean>) => (
    <button
      type="button"
      role="menuitemcheckbox"
      aria-checked={prefs[name] === true}
      tabIndex={-1}
      data-testid={`kefu-${name}`}
      onClick={async () => {
        const on = !prefs[name] && (await allow());
        if (!prefs[name] && !on) tell(words.alertsBlocked);
        client.setPref({ [name]: on });
      }}
    >
      <span class="box">{prefs[name] ? <CheckIcon /> : null}</span>
      {words[name]}
    </button>
  );
  const ring = () => {
    chime(); // so that one knows what was chosen, and the browser lets it be heard later
    return true;
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
          {item("talk", <PersonIcon />, away ? words.leave : words.talk, talk, state.owner.kind === "agent")}
          {item("transcript", <DownloadIcon />, words.download, () => void download(), isEmpty)}
          {item("email", <MailIcon />, words.email, () => void email(), isEmpty)}
          {item("end", <CheckIcon size={20} />, words.end, finish, isEmpty || state.status !== "open")}
          {site.sound ? option("sound", ring) : null}
          {"Notification" in window ? option("alerts", allowed) : null}
        </div>
      ) : null}
    </div>
  );
}
