/** Every attribute and event of the elements in the JSX of React, and what the compiler must refuse. */
import 'video-call-elements';
import type {} from 'video-call-elements/react';
import type { CallEndedEvent } from 'video-call-elements';
import type { VideoCallHistory } from 'video-call-elements/history';
import type { VideoCallPanel } from 'video-call-elements/panel';
import { useRef } from 'react';
import type { ReactNode } from 'react';

const say = (..._what: readonly (string | number | null)[]): void => {};
const ended = ({ reason, duration }: CallEndedEvent): void => say(reason, duration);

export function Page(): ReactNode {
  const panel = useRef<VideoCallPanel>(null);
  const list = useRef<VideoCallHistory>(null);
  return (
    <main onClick={() => void panel.current?.call('bob', { media: 'audio' })} onBlur={() => void list.current?.clear()}>
      <video-call-button
        className="call"
        key="bob"
        ref={(button) => say(button?.presence ?? null)}
        peer="bob"
        media="audio"
        panel="desk"
        disabled={false}
        lazy
        relay="wss://relay.example.com"
        me="alice"
        display-name="Alice"
        token="e30.e30."
        token-src="/call-token"
        ice-servers='[{"urls": "stun:stun.example.com"}]'
        ice-policy="relay"
        early-ice="none"
        no-resume
        no-history
        lang="de"
        words='{"call": "Ring"}'
        oncall-request={(event) => say(event.peer, event.media, event.currentTarget.peer ?? null)}
        onpresence-change={(event) => say(event.peer, event.presence)}
        oncall-error={(event) => say(event.code, event.message, String(event.cause))}
      >
        Call Bob
      </video-call-button>
      <video-call-panel
        ref={panel}
        id="desk"
        peer="bob"
        layout="inline"
        ringtone="/bell.mp3"
        ringback="none"
        ring-timeout={30}
        auto-answer="video"
        controlslist="nochat norecord"
        max-resolution="1080p"
        max-bitrate="1500"
        data-saver
        preview
        virtual-camera={true}
        relay="wss://relay.example.com"
        me={undefined}
        display-name="Alice"
        token="e30.e30."
        token-src="/call-token"
        ice-servers='[{"urls": "stun:stun.example.com"}]'
        ice-policy="all"
        early-ice="none"
        no-resume
        no-history
        lang="de"
        words='{"call": "Ring"}'
        oncall-request={(event) => event.preventDefault()}
        oncall-incoming={(event) => {
          say(event.call.name);
          event.accept({ media: 'audio' });
          event.decline();
        }}
        oncall-state={(event) => say(event.state, event.previous, event.reason, event.call?.id ?? null)}
        oncall-connected={(event) => say(event.call.startedAt)}
        oncall-ended={ended}
        oncall-message={(event) => say(event.text, event.from, event.at)}
        oncall-quality={(event) => say(event.quality, event.reason, event.mos, event.reading.incoming.voice?.lost ?? null)}
        oncall-recording={(event) => say(event.file.name, event.call, event.duration)}
        oncall-error={(event) => say(event.code)}
        onrelay-status={(event) => say(event.status)}
      >
        <p slot="idle">Nobody calls.</p>
      </video-call-panel>
      <video-call-roster
        panel="desk"
        media="video"
        relay="wss://relay.example.com"
        me="alice"
        display-name="Alice"
        token="e30.e30."
        token-src="/call-token"
        ice-servers='[{"urls": "stun:stun.example.com"}]'
        ice-policy="all"
        early-ice="none"
        no-resume
        no-history
        lang="de"
        words='{"call": "Ring"}'
        oncall-request={(event) => say(event.peer)}
        oncall-error={(event) => say(event.code)}
      />
      <video-call-history
        ref={list}
        panel="desk"
        relay="wss://relay.example.com"
        me="alice"
        display-name="Alice"
        token="e30.e30."
        token-src="/call-token"
        ice-servers='[{"urls": "stun:stun.example.com"}]'
        ice-policy="all"
        early-ice="none"
        no-resume
        no-history
        lang="de"
        words='{"call": "Ring"}'
        oncall-request={(event) => say(event.peer)}
        oncall-error={(event) => say(event.code)}
        onhistory-change={(event) => say(event.count, event.missed)}
      />
    </main>
  );
}

export function Refused(): ReactNode {
  return (
    <>
      {/* @ts-expect-error -- no such layout */}
      <video-call-panel layout="diagonal" />
      {/* @ts-expect-error -- no such resolution */}
      <video-call-panel max-resolution="4k" />
      {/* @ts-expect-error -- not a number */}
      <video-call-panel ring-timeout="soon" />
      {/* @ts-expect-error -- no kind of call */}
      <video-call-button peer="bob" media="text" />
      {/* @ts-expect-error -- the element writes it */}
      <video-call-button peer="bob" presence="online" />
      {/* @ts-expect-error -- no such attribute */}
      <video-call-button peer="bob" colour="red" />
      {/* @ts-expect-error -- no such field */}
      <video-call-panel oncall-ended={(event) => say(event.status)} />
      {/* @ts-expect-error -- React would listen to `Call-ended` */}
      <video-call-panel onCall-ended={ended} />
    </>
  );
}
