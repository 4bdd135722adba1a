import { words } from "../locale";
import type { State } from "../store";
import { useGround } from "./hooks";
import { CloseIcon } from "./icons";

/** The greeting beside the closed launcher; a click answers it, the cross sends it away. */
export function Teaser({ greeting }: { greeting: NonNullable<State["greeting"]> }) {
  const { client } = useGround();
  return (
    <div class="teaser" role="status" data-testid="kefu-greeting">
      <button type="button" class="teaser-text" dir="auto" onClick={() => client.setOpen(true)}>
        {greeting.text}
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={words.close}
        data-testid="kefu-greeting-close"
        onClick={() => client.store.set({ greeting: null })}
      >
        <CloseIcon />
      </button>
    </div>
  );
}
