import type { components } from '../../lib/api/index.js';
import { t } from '../../lib/i18n/index.svelte.js';

type Schemas = components['schemas'];

export type Room = Schemas['ChatRoom'];
export type Message = Schemas['ChatMessage'];
export type Person = Schemas['ChatPerson'];
export type State = Schemas['ChatState'];
export type Page = Schemas['ChatPage'];
export type Mine = Schemas['ChatMine'];
export type Bump = Schemas['ChatBump'];
export type ReadMark = Schemas['ChatReadMark'];
export type RoomFacts = Schemas['ChatRoomFacts'];
export type RoomAdded = Schemas['ChatRoomAdded'];
export type RoomGone = Schemas['ChatRoomGone'];
export type Typing = Schemas['ChatTyping'];
export type RoomMember = Schemas['ChatRoomMember'];
export type PublicRoom = Schemas['ChatPublicRoom'];
export type Reference = Schemas['ChatReference'];
export type Reaction = Schemas['ChatReaction'];
export type Poll = Schemas['ChatPoll'];
export type NewPoll = Schemas['ChatNewPoll'];
export type MyVote = Schemas['ChatMyVote'];
export type CalledGroup = Schemas['ChatCalledGroup'];
export type ThreadPage = Schemas['ChatThreadPage'];
export type MyThread = Schemas['ChatMyThread'];
export type Following = Schemas['ChatFollowing'];
export type RoomLink = Schemas['ChatLink'];
export type Report = Schemas['ChatReport'];
export type Topics = Schemas['ChatTopics'];
export type Role = RoomMember['role'];

export type RoomHidden = Schemas['ChatHidden'];
export type RoomWishes = Schemas['ChatRoomWishes'];
export type WishChange = Schemas['ChatWishChange'];
export type Personal = Schemas['ChatPersonal'];
export type Settings = Schemas['ChatSettings'];
export type Quiet = Schemas['ChatQuiet'];
export type QuietTime = Schemas['ChatQuietTime'];
export type Layout = Schemas['ChatLayout'];
export type Section = Schemas['ChatSection'];
export type Status = Schemas['ChatStatus'];
export type SavedRef = Schemas['ChatSavedRef'];
export type SavedMessage = Schemas['ChatSavedMessage'];
export type SavedChange = Schemas['ChatSavedChange'];
export type Draft = Schemas['ChatDraft'];
export type DraftRef = Schemas['ChatDraftRef'];
export type Here = Schemas['ChatHere'];
export type ReceiptEvent = Schemas['ChatReceiptEvent'];
export type Later = Schemas['ChatLater'];
export type LaterRef = Schemas['ChatLaterRef'];
export type LaterEvent = Schemas['ChatLaterEvent'];

/** What goes out besides the words: quote, files, poll, how it is sent. */
export type Extras = Omit<Schemas['ChatNewMessage'], 'client_id' | 'text'>;

/** What goes out with a new message, apart from the id that the outbox gives it. */
export type Body = Extras & { readonly text: string };

/** A file of a message that is still on its way. The message follows it. */
export interface Upload {
  readonly key: string;
  readonly state: 'reading' | 'sending' | 'paused' | 'failed' | 'done' | 'gone';
  readonly error: unknown;
  readonly facts: NonNullable<Message['files']>[number];
  /** The file survives a reload of the page. */
  readonly kept: boolean;
  /** Hears of every change of state from now on, instead of who heard before. */
  watch(changed: () => void): void;
  /** Keeps the file in this browser until it is dropped. */
  store(): Promise<void>;
  again(): void;
  /** Forgets it, here and at the server. */
  cancel(): Promise<void>;
  /** It has gone out with its message, or belongs to somebody else now. */
  release(): void;
}

/** A message that is ready to go. */
export interface Parcel {
  readonly body: Body;
  /** Files that belong to it and have not arrived. */
  readonly uploads?: readonly Upload[];
  /** How it looks in the room until the server has answered: the quote, the poll, the files. */
  readonly shown: Partial<Message>;
}

/** Texts and calls are what people say; the others are entries of the house. */
export const counts = (message: Message): boolean => message.kind === 'text' || message.kind === 'call';

/** What a room is called for this person: a group after its people, and one with an office, for the office, after who wrote. */
export const titleOf = (
  room: Pick<Room, 'name' | 'partner'> & Partial<Pick<Room, 'people' | 'kind' | 'sender'>>,
): string =>
  room.kind === 'self'
    ? t('files.self.title')
    : (room.partner?.name ??
      (room.sender ? `${room.name} · ${room.sender.name}` : room.name || peopleIn(room.people ?? [])));

const peopleIn = (people: readonly Person[]) =>
  people.map((person) => person.name).join(', ') || t('rooms.group.alone');

/** Whether a room stands among the conversations of a few people, or among the rooms with a name. */
export const isPersonal = (room: Pick<Room, 'kind'>): boolean =>
  room.kind === 'direct' || room.kind === 'group' || room.kind === 'self' || room.kind === 'office';

export const topicOf = (room: string): string => `room:${room}`;
