import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { answeredForms, type Group as GroupData, groupsOf, linesOf, spentButtons } from "../lines";
import type { Author, Button } from "../protocol";
import type { State } from "../store";
import { day, exact, relative } from "../time";
import { fill, words } from "../locale";
import { Avatar } from "./Avatar";
import { useGround, useNow } from "./hooks";
import { DownIcon } from "./icons";
import { Line } from "./Line";
import { Rating } from "./Rating";
import { Empty, Failed, Loading } from "./States";

const NEAR_END_PX = 80;

function speakerOf(author: Author, name: string | null): string {
  if (author === "customer") return words.you;
  if (author === "bot") return words.assistant;
  return name ?? words.agentRole;
}

export function Log({ state }: { state: State }) {
  const { client } = useGround();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const stuck = useRef(true);
  const [below, setBelow] = useState(false);
  const now = useNow(30_000);
  const lines = useMemo(() => linesOf(state), [state.messages, state.outbox, state.greeting]);
  const groups = useMemo(() => groupsOf(lines), [lines]);
  const spent = useMemo(() => spentButtons(lines), [lines]);
  const answered = useMemo(() => answeredForms(lines), [lines]);
  const last = lines[lines.length - 1];

  const toEnd = () => {
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
    stuck.current = true;
    setBelow(false);
  };

  useLayoutEffect(() => {
    if (stuck.current || last?.outgoing) toEnd();
    else if (last) setBelow(true);
  }, [last?.key]);

  useEffect(() => {
    // Pictures, cards, the keyboard and the growing composer all move the end.
    const keepEnd = new ResizeObserver(() => stuck.current && toEnd());
    if (scroller.current) keepEnd.observe(scroller.current);
    if (content.current) keepEnd.observe(content.current);
    return () => keepEnd.disconnect();
  }, []);

  const scrolled = () => {
    const element = scroller.current;
    if (!element) return;
    stuck.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_END_PX;
    if (stuck.current) setBelow(false);
  };

  const shows = lines.length > 0 ? "lines" : state.phase;
  return (
    <div class="log-holder">
      <div ref={scroller} class="scroller" onScroll={scrolled} tabIndex={0} role="region" aria-label={words.log}>
        <div ref={content} class="content">
          {shows === "loading" ? <Loading /> : null}
          {shows === "failed" ? <Failed /> : null}
          {shows === "idle" || shows === "ready" ? <Empty /> : null}
          <div
            role="log"
            aria-label={words.log}
            // The history is not news: only what comes after it is read out.
            aria-live={state.phase === "loading" ? "off" : "polite"}
            aria-relevant="additions"
            data-testid="kefu-log"
          >
            {groups.map((group) => (
              <Group key={group.key} group={group} now={now} spent={spent} answered={answered} live={state.owner.kind === "bot"} />
            ))}
          </div>
          {state.typing ? <Typing author={state.typing.author} name={state.typing.name} /> : null}
          {state.asksRating ? <Rating state={state} /> : null}
          {state.notice ? (
            <p class="notice" role="status">
              <span>{state.notice}</span>
              <button type="button" class="plain" onClick={() => client.store.set({ notice: null })}>
                {words.ok}
              </button>
            </p>
          ) : null}
        </div>
      </div>
      {below ? (
        <button type="button" class="below" onClick={toEnd}>
          <DownIcon size={16} />
          {words.newMessages}
        </button>
      ) : null}
    </div>
  );
}

interface GroupProps {
  group: GroupData;
  now: number;
  spent: Map<string, Button | null>;
  answered: Set<string>;
  live: boolean;
}

function Group({ group, now, spent, answered, live }: GroupProps) {
  const { author, name, lines, newDay } = group;
  const speaker = speakerOf(author, name);
  const last = lines[lines.length - 1];
  const isOut = last?.outgoing !== null;
  return (
    <>
      {newDay === null ? null : (
        <p class="day">
          <span>{day(newDay, now)}</span>
        </p>
      )}
      <div class={`group ${author}`}>
        {author === "bot" || author === "agent" ? <Avatar author={author} name={name} /> : null}
        <div class="stack">
          {lines.map((line) => (
            <Line
              key={line.key}
              line={line}
              speaker={author === "system" ? words.notice : speaker}
              live={live && !spent.has(line.key)}
              chosen={spent.get(line.key) ?? null}
              answered={answered.has(line.key)}
            />
          ))}
          {author === "system" || isOut || !last ? null : (
            <p class="meta">
              {author === "customer" ? null : <bdi class="speaker">{speaker}</bdi>}
              <time dateTime={new Date(last.at).toISOString()} title={exact(last.at)}>
                {relative(last.at, now)}
              </time>
            </p>
          )}
        </div>
      </div>
    </>
  );
}

function Typing({ author, name }: { author: Author; name: string | null }) {
  return (
    <div class={`group ${author} typing`} data-testid="kefu-typing">
      <Avatar author={author} name={name} />
      <p class="bubble dots">
        <span class="hidden" role="status">
          {fill(words.typing, { name: speakerOf(author, name) })}
        </span>
        <i />
        <i />
        <i />
      </p>
    </div>
  );
}
