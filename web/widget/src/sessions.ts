/** One person's session with the gateway: kept, started when first needed, replaced when it has ended. */

import { type Answers, type Api, ApiError, type Identity, type Started } from "./api";
import { locale } from "./locale";
import type { About, Session } from "./protocol";
import type { Keep } from "./storage";
import { alone } from "./tabs";

const KEEP_EVERY_MS = 300_000;

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
  /** What the guest said before the chat began, if the site asks. */
  preChat: Answers | null = null;

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
      const answer = await act(session.token);
      this.used(session);
      return answer;
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

  /** Using it has moved its end; noted here now and then, for a page that is opened tomorrow. */
  private used(session: Session): void {
    const end = Date.now() + session.lifetime;
    if (this.current?.token !== session.token || !(end - Date.parse(session.expiresAt) > KEEP_EVERY_MS)) return;
    session.expiresAt = new Date(end).toISOString();
    this.keep.setSession(session);
  }

  /** Another tab has started, replaced or ended the kept session. */
  adopt(): Session | null {
    const kept = this.keep.session();
    if (kept?.token === this.current?.token) return null;
    this.current = kept;
    return kept;
  }

  ensure(): Promise<Session> {
    if (this.current) return Promise.resolve(this.current);
    // Two tabs that write at the same moment share one conversation.
    this.creating ??= alone(this.keep.key, () => this.create()).finally(() => {
      this.creating = null;
    });
    return this.creating;
  }

  private async create(): Promise<Session> {
    const kept = this.adopt();
    if (kept) {
      this.hooks.created(kept, {}, false);
      return kept;
    }
    let asGuest = false;
    const { session, about } = await this.begin().catch((error: unknown) => {
      const refused = error instanceof ApiError && (error.status === 401 || error.status === 422);
      if (!this.identity || !refused) throw error;
      // The page has been open for longer than its signature lasts: better a guest than no help.
      asGuest = true;
      return this.open("");
    });
    if (this.isClosed) throw new ApiError(0);
    this.current = session;
    this.keep.setSession(session);
    this.hooks.created(session, about, asGuest);
    return session;
  }

  /** What a guest has said goes with them when they log in. */
  private async begin(): Promise<Started> {
    const guest = this.identity ? this.keep.guest() : null;
    if (!guest) return this.open(this.identity);
    const begun = await this.api.identify(guest.token, this.signed(this.identity)).catch((error: unknown) => {
      if (!(error instanceof ApiError) || error.temporary) throw error;
      return this.open(this.identity);
    });
    this.keep.dropGuest();
    return begun;
  }

  private signed(identity: string): Identity {
    return identity ? { identity, browser_key: this.keep.browserKey() } : {};
  }

  private open(identity: string): Promise<Started> {
    return this.api.createSession({
      ...this.signed(identity),
      locale,
      // Without the query: it may hold what is nobody's business.
      page: { path: location.pathname.slice(0, 500), title: document.title.slice(0, 200) },
      ...(this.preChat && !identity ? { pre_chat: this.preChat } : {}),
    });
  }
}
