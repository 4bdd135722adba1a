/** One person's session with the gateway: kept, started when first needed, replaced when it has ended. */

import { type Api, ApiError } from "./api";
import type { About, Session } from "./protocol";
import type { Keep } from "./storage";

export interface SessionHooks {
  /** A session was created; what it says of its conversation, and whether the identity was refused. */
  created(session: Session, about: About, asGuest: boolean): void;
  /** The gateway no longer knows the session; another will be created at once. */
  ended(): void;
}

export class Sessions {
  current: Session | null;
  private creating: Promise<Session> | null = null;
  private isClosed = false;

  constructor(
    private readonly api: Api,
    private readonly keep: Keep,
    /** The newest signature of this person, or empty for a guest. */
    public identity: string,
    private readonly hooks: SessionHooks,
  ) {
    this.current = keep.session();
  }

  /** Somebody else is here now: what is still under way must not reach them. */
  close(): void {
    this.isClosed = true;
  }

  /** Run with a valid token, with that of a new session when the gateway refuses the old one. */
  async authorised<T>(act: (token: string) => Promise<T>): Promise<T> {
    const session = await this.ensure();
    try {
      return await act(session.token);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401 || this.isClosed) throw error;
      if (this.current?.token === session.token) {
        this.current = null;
        this.keep.setSession(null);
        this.hooks.ended();
      }
      return act((await this.ensure()).token);
    }
  }

  private ensure(): Promise<Session> {
    if (this.current) return Promise.resolve(this.current);
    this.creating ??= this.create().finally(() => {
      this.creating = null;
    });
    return this.creating;
  }

  private async create(): Promise<Session> {
    let asGuest = false;
    const { session, about } = await this.api.createSession(this.identity).catch((error: unknown) => {
      const refused = error instanceof ApiError && (error.status === 401 || error.status === 422);
      if (!this.identity || !refused) throw error;
      // The page has been open for longer than its signature lasts: better a guest than no help.
      asGuest = true;
      return this.api.createSession("");
    });
    if (this.isClosed) throw new ApiError(0);
    this.current = session;
    this.keep.setSession(session);
    this.hooks.created(session, about, asGuest);
    return session;
  }
}
