import type { Replies } from "./useReplies";
import styles from "./Replies.module.css";

/** The replies that match what is typed after the slash; the field keeps the focus. */
export function ReplyList({ replies }: { replies: Replies }) {
  if (replies.found.length === 0) return null;
  return (
    <ul className={styles.list} id={replies.id} role="listbox" aria-label="Canned replies">
      {replies.found.map((reply, index) => (
        <li
          key={reply.id}
          id={`${replies.id}-${index}`}
          role="option"
          aria-selected={index === replies.at}
          className={styles.reply}
          onMouseDown={(event) => {
            event.preventDefault();
            replies.pick(reply);
          }}
        >
          <kbd>/{reply.shortcut}</kbd>
          <b className="cut">{reply.title}</b>
          <span className="cut">{reply.text}</span>
        </li>
      ))}
    </ul>
  );
}
