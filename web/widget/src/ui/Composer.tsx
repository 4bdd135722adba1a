import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Site } from "../site";
import type { State } from "../store";
import { fileSize } from "../time";
import { fill, words } from "../locale";
import { useGround } from "./hooks";
import { ClipIcon, SendIcon } from "./icons";

/** As the gateway has it by default; it checks its own. */
const MAX_CHARS = 4_000;
const TELL_FROM = MAX_CHARS - 200;

/** "PNG, JPEG, PDF, TXT, up to 5 MB". */
function limits({ max_bytes, types }: Site["attachments"]): string {
  const names = types.join(", ").replace(/\w+\//g, "").replace("plain", "txt").toUpperCase();
  return fill(words.attachHint, { types: names, size: fileSize(max_bytes) });
}

export function Composer({ state }: { state: State }) {
  const { client } = useGround();
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { draft } = state;
  const hint = limits(client.site.attachments);
  // As the gateway counts: characters, not the UTF-16 units of `length`.
  const count = draft.length > TELL_FROM / 2 ? Array.from(draft).length : draft.length;
  const sendable = draft.trim().length > 0 && count <= MAX_CHARS;

  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, 144)}px`;
  }, [draft]);

  useEffect(() => {
    // On a touch screen this would raise the keyboard over the greeting.
    if (window.matchMedia("(pointer: fine)").matches) area.current?.focus({ preventScroll: true });
  }, []);

  const submit = () => {
    if (!sendable) return;
    client.setDraft("");
    client.send(draft);
    area.current?.focus({ preventScroll: true });
  };

  const attach = (file: File | undefined) => {
    if (!file) return;
    const { max_bytes, types } = client.site.attachments;
    const wrong = file.size > max_bytes ? words.attachBig : types.includes(file.type) ? "" : words.attachKind;
    if (wrong) client.store.set({ notice: `${wrong} ${hint}.` });
    else client.attach(file);
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div class="box">
        <button
          type="button"
          class="icon-button attach"
          aria-label={words.attach}
          aria-describedby="kefu-limits"
          title={hint}
          data-testid="kefu-attach"
          onClick={() => picker.current?.click()}
        >
          <ClipIcon />
        </button>
        <input
          ref={picker}
          type="file"
          accept={client.site.attachments.types.join()}
          hidden
          tabIndex={-1}
          data-testid="kefu-file"
          onChange={(event) => {
            attach(event.currentTarget.files?.[0]);
            event.currentTarget.value = "";
          }}
        />
        <textarea
          ref={area}
          rows={1}
          dir="auto"
          value={draft}
          placeholder={words.placeholder}
          aria-label={words.composer}
          aria-describedby="kefu-left"
          aria-invalid={count > MAX_CHARS}
          enterkeyhint="send"
          data-testid="kefu-input"
          onInput={(event) => client.setDraft(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            submit();
          }}
          onPaste={(event) => {
            const file = event.clipboardData?.files[0];
            if (!file) return;
            event.preventDefault();
            attach(file);
          }}
        />
        <button type="submit" class="send" aria-label={words.send} data-testid="kefu-send" disabled={!sendable}>
          <SendIcon />
        </button>
      </div>
      <p id="kefu-limits" class="limits">
        {hint}
      </p>
      <p id="kefu-left" class={count > MAX_CHARS ? "left over" : "left"} aria-live="polite">
        {count > TELL_FROM ? fill(words.left, { count: MAX_CHARS - count }) : ""}
      </p>
    </form>
  );
}
