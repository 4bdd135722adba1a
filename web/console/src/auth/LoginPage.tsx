import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { keys } from "../api/keys";
import { ApiError, reasonOf } from "../api/problems";
import mark from "../app/mark.svg";
import { Icon } from "../shared/Icon";
import styles from "./Login.module.css";
import { logIn } from "./session";

export function LoginPage() {
  const navigate = useNavigate();
  const client = useQueryClient();
  const { next } = useSearch({ from: "/login" });
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");

  const login = useMutation({
    mutationFn: () => logIn(email, password),
    onSuccess: async (user) => {
      // What a previous user saw must not flash up for this one.
      client.clear();
      client.setQueryData(keys.me, user);
      await navigate({ to: next ?? "/inbox/waiting", replace: true });
    },
    onError: () => setPassword(""),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    if (email.trim() && password) login.mutate();
  }

  return (
    <main className={styles.page}>
      <form className={styles.card} onSubmit={submit}>
        <div className={styles.head}>
          <img src={mark} width={36} height={36} alt="" />
          <div>
            <h1>Kefu console</h1>
            <p>Log in to answer customers</p>
          </div>
        </div>
        {login.isError && (
          <p className={styles.error} role="alert">
            <Icon name="warning" size={18} />
            {wordsFor(login.error)}
          </p>
        )}
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          size="md"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          size="md"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={login.isPending}>
          Log in
        </Button>
      </form>
    </main>
  );
}

function wordsFor(error: unknown): string {
  if (error instanceof ApiError && error.status === 401) {
    return "That e-mail and password do not belong together. Check both and try again.";
  }
  return reasonOf(error);
}
