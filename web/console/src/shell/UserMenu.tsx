import { Menu, useMantineColorScheme } from "@mantine/core";
import { useMe } from "../auth/session";
import { Avatar } from "../shared/Avatar";
import { humanise } from "../shared/words";
import styles from "./Shell.module.css";
import { applyScheme, SCHEMES } from "./scheme";
import { useLogOut } from "./useLogOut";

export function UserMenu({ asTab = false }: { asTab?: boolean }) {
  const me = useMe();
  const logOut = useLogOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position={asTab ? "top-end" : "right-end"} width={220} withinPortal>
      <Menu.Target>
        <button
          type="button"
          className={asTab ? styles.tab : `${styles.item} ${styles.me}`}
        >
          <Avatar name={me.name} kind="agent" size={asTab ? 22 : 26} />
          <span className={asTab ? undefined : `${styles.label} ${styles.wide}`} aria-hidden>
            {asTab ? "You" : me.name}
          </span>
          <span className="sr-only">{me.name}: account and look</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {me.email}
          <br />
          {humanise(me.role)}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Label>Look</Menu.Label>
        {SCHEMES.map(({ value, label }) => (
          <Menu.Item
            key={value}
            role="menuitemradio"
            aria-checked={colorScheme === value}
            fw={colorScheme === value ? 600 : 400}
            onClick={() => {
              setColorScheme(value);
              applyScheme(value);
            }}
          >
            {label}
            {colorScheme === value && " ✓"}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => void logOut()}>Log out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
