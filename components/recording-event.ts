/** The event of a recording, apart from the others because it is loaded with the recorder. */

/** `call-recording`: a recording of a call is whole. Cancelable: a page that prevents it takes the file itself, and the person is not offered it. */
export class CallRecordingEvent extends Event {
  constructor(
    /** The recording. Its bytes are on this device until they are read; where the page takes it, for one hour at least. */
    readonly file: File,
    /** The ID of the call. */
    readonly call: string,
    /** How long it is, in seconds. */
    readonly duration: number,
  ) {
    super('call-recording', { bubbles: true, composed: true, cancelable: true });
  }
}
