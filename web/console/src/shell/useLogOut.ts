import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ApiError, reasonOf } from "../api/problems";
import { logOut } from "../auth/session";

export function useLogOut(): () => Promise<void> {
  const client = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    try {
      await logOut();
    } catch (error) {
      // A session that has ended already is what was wanted.
      if (!(error instanceof ApiError && error.status === 401)) {
        notifications.show({ color: "red", title: "You are still logged in", message: reasonOf(error) });
        return;
      }
    }
    await navigate({ to: "/login" });
    client.clear();
  };
}
