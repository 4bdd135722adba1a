import styles from "./Avatar.module.css";
import { Icon } from "./Icon";
import { initials } from "./words";

interface AvatarProps {
  name: string | null;
  kind: "customer" | "bot" | "agent";
  size?: number;
}

/** Who speaks, without reading: a person has initials in a circle, the bot a square face. */
export function Avatar({ name, kind, size = 28 }: AvatarProps) {
  const style = { width: size, height: size, fontSize: Math.round(size * 0.4) };
  return (
    <span className={`${styles.avatar} ${kind === "customer" ? "" : styles[kind]}`} style={style} aria-hidden>
      {kind === "bot" ? (
        <Icon name="bot" size={Math.round(size * 0.62)} />
      ) : name ? (
        initials(name)
      ) : (
        <Icon name="person" size={Math.round(size * 0.58)} />
      )}
    </span>
  );
}
