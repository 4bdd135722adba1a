import { useState } from "preact/hooks";
import type { State } from "../store";
import { words } from "../locale";
import { useGround } from "./hooks";
import { CheckIcon, FaceIcon } from "./icons";

const GRADES = ["grade1", "grade2", "grade3", "grade4", "grade5"] as const;

/** The customer's grade when a chat is resolved: five faces, then room for words. */
export function Rating({ state }: { state: State }) {
  const { client } = useGround();
  const [grade, setGrade] = useState<number | null>(null);
  const [comment, setComment] = useState("");
  if (client.skipsRating) return null;

  if (state.rating === "done") {
    return grade === null ? null : (
      <p class="thanks" role="status">
        <CheckIcon size={18} />
        {words.rateThanks}
      </p>
    );
  }
  return (
    <form
      class="rating"
      data-testid="kefu-rating"
      aria-labelledby="kefu-rate"
      onSubmit={(event) => {
        event.preventDefault();
        if (grade !== null) void client.rate(grade + 1, comment.trim());
      }}
    >
      <h3 id="kefu-rate">{words.rateTitle}</h3>
      <div class="grades" role="radiogroup" aria-labelledby="kefu-rate">
        {GRADES.map((key, at) => (
          <label class="grade" key={key} title={words[key]}>
            <input
              type="radio"
              name="grade"
              value={at + 1}
              checked={grade === at}
              aria-label={words[key]}
              onChange={() => setGrade(at)}
            />
            <FaceIcon grade={at} />
          </label>
        ))}
      </div>
      {grade === null ? null : (
        <>
          <p class="grade-label">{words[GRADES[grade] ?? "grade3"]}</p>
          <textarea
            rows={2}
            dir="auto"
            maxLength={1000}
            value={comment}
            placeholder={words.rateComment}
            aria-label={words.rateComment}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
          {state.rating === "failed" ? (
            <p class="problem" role="alert">
              {words.tryLater}
            </p>
          ) : null}
          <button type="submit" class="primary" disabled={state.rating === "sending"}>
            {state.rating === "sending" ? words.sending : words.rateSend}
          </button>
        </>
      )}
      <button type="button" class="plain" data-testid="kefu-skip" onClick={() => client.skipRating()}>
        {words.skip}
      </button>
    </form>
  );
}
