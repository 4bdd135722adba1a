import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { State } from "../store";
import { fileSize } from "../time";
import { words } from "../words";
import { useGround } from "./hooks";
import { ClipIcon, SendIcon } from "./icons";

/** As the gateway has them by default; it checks its own. */
const MAX_CHARS = 4_000;
const TELL_FROM = MAX_CHARS - 200;
const MAX_FILE_BYTES = 5_000_000;
const ACCEPT = "image/png,image/jpeg,image/webp,image/gif,application/pdf,text/plain";

export function Composer({ state }: { state: State }) {
  const { client } = useGround();
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { draft } = state;
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
    if (file.size > MAX_FILE_BYTES) client.store.set({ notice: words.tooBig(fileSize(MAX_FILE_BYTES)) });
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
          class="icon-button"
          aria-label={words.attach}
          data-testid="kefu-attach"
          onClick={() => picker.current?.click()}
        >
          <ClipIcon />
        </button>
        <input
          ref={picker}
          type="file"
          accept={ACCEPT}
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
      <p id="kefu-left" class={count > MAX_CHARS ? "left over" : "left"} aria-live="polite">
        {count > TELL_FROM ? words.left(MAX_CHARS - count) : ""}
      </p>
    </form>
  );
}
