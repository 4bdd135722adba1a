import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { count, percent, seconds } from "../shared/numbers";
import { Failed } from "../shared/States";
import { humanise, mood } from "../shared/words";
import styles from "./Insights.module.css";
import { overviewQuery } from "./queries";

interface Tile {
  title: string;
  value: string;
  base: string;
}

export function Overview({ days }: { days: number }) {
  const { data, error, refetch } = useQuery(overviewQuery(days));
  if (error && !data) {
    return (
      <div className={styles.card}>
        <Failed what="The numbers could not be loaded." error={error} retry={() => void refetch()} />
      </div>
    );
  }
  if (!data) {
    return (
      <div className={styles.tiles} aria-busy aria-label="Loading">
        {Array.from({ length: 6 }, (_, index) => (
          <Skeleton key={index} height={104} radius="md" />
        ))}
      </div>
    );
  }
  const tiles: Tile[] = [
    {
      title: "Conversations",
      value: count(data.conversations),
      base: `${count(data.messages)} customer messages in ${days} days`,
    },
    {
      title: "Contained by the bot",
      value: data.containment === null ? "–" : percent(data.containment),
      base: `of ${count(data.conversations)} conversations`,
    },
    {
      title: "Handed to a person",
      value: count(data.handoffs),
      base: `${count(data.queued_now)} waiting now`,
    },
    {
      title: "Customer satisfaction",
      value: data.csat_mean === null ? "–" : `${oneDecimal(data.csat_mean)} of 5`,
      base: data.csat_count === 1 ? "1 rating" : `${count(data.csat_count)} ratings`,
    },
    {
      title: "Mood",
      value: data.mean_valence === null ? "–" : humanise(mood(data.mean_valence).label),
      base:
        data.mean_valence === null
          ? "no messages understood yet"
          : `mean valence ${data.mean_valence.toFixed(2).replace("-", "−")} from −1 to 1`,
    },
    {
      title: "Bot's answer time",
      value: data.mean_latency_ms === null ? "–" : seconds(data.mean_latency_ms),
      base: "mean, from message to answer",
    },
  ];
  return (
    <div className={styles.tiles}>
      {tiles.map((tile) => (
        <section key={tile.title} className={styles.tile}>
          <h2>{tile.title}</h2>
          <strong className="figures">{tile.value}</strong>
          <p>{tile.base}</p>
        </section>
      ))}
    </div>
  );
}

function oneDecimal(value: number): string {
  return value.toLocaleString(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}
