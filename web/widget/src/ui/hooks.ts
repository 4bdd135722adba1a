import { useEffect, useState } from "preact/hooks";
import type { Client } from "../client";
import type { Config } from "../config";
import type { State } from "../store";

export interface Ground {
  client: Client;
  config: Config;
}

// One widget to a page: a context would only carry the same value through the tree.
let ground: Ground | null = null;

export function standOn(given: Ground): void {
  ground = given;
}

export function useGround(): Ground {
  if (!ground) throw new Error("rendered outside of the widget");
  return ground;
}

export function useWidgetState(): State {
  const { store } = useGround().client;
  const [state, setState] = useState(store.get());
  useEffect(() => {
    setState(store.get());
    return store.subscribe(() => setState(store.get()));
  }, [store]);
  return state;
}

/** The time in ms, anew every `everyMs`. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
