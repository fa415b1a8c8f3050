/**
 * Session descriptions without media (RFC 8866, RFC 8829): a browser takes them, and finds nobody at the other end. An offer
 * lets a page ring and answer; an answer lets a caller go as far as `connecting`.
 */
import { randomBytes } from 'node:crypto';
import type { MediaKind } from '../relay/protocol/index.js';

const CODECS = { audio: '111 opus/48000/2', video: '96 VP8/90000' } as const;

/** What both ends of a connection need, and nobody will use. */
function credentials(setup: 'active' | 'passive'): string[] {
  const fingerprint = randomBytes(32).toString('hex').toUpperCase().match(/../g)!.join(':');
  return [
    `a=ice-ufrag:${randomBytes(4).toString('hex')}`,
    `a=ice-pwd:${randomBytes(12).toString('hex')}`,
    `a=fingerprint:sha-256 ${fingerprint}`,
    `a=setup:${setup}`,
  ];
}

const lines = (all: readonly string[]): string => all.map((line) => `${line}\r\n`).join('');

const head = (mids: readonly string[]): string[] => [
  'v=0',
  `o=- ${randomBytes(5).readUIntBE(0, 5)} 2 IN IP4 127.0.0.1`,
  's=-',
  't=0 0',
  `a=group:BUNDLE ${mids.join(' ')}`,
  'a=msid-semantic: WMS',
];

/** An offer of a voice or video call, with the call's data channels. */
export function offerWithoutMedia(media: MediaKind): string {
  const kinds = media === 'video' ? (['audio', 'video'] as const) : (['audio'] as const);
  const own = credentials('active');
  const sections = kinds.flatMap((kind, mid) => {
    const [payload, codec] = CODECS[kind].split(' ') as [string, string];
    return [
      `m=${kind} 9 UDP/TLS/RTP/SAVPF ${payload}`,
      'c=IN IP4 0.0.0.0',
      `a=mid:${mid}`,
      ...own,
      'a=sendrecv',
      'a=rtcp-mux',
      `a=rtpmap:${payload} ${codec}`,
    ];
  });
  const mid = kinds.length;
  const data = ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'c=IN IP4 0.0.0.0', `a=mid:${mid}`, ...own, 'a=sctp-port:5000'];
  return lines([...head([...kinds.keys(), mid].map(String)), ...sections, ...data]);
}

/** The answer to an offer, which takes of each medium the first codec and sends nothing. */
export function answerWithoutMedia(offer: string): string {
  const sections = offer.split(/\r\n(?=m=)/).slice(1);
  const own = credentials('passive');
  const answers = sections.map((section, at) => {
    const mid = /^a=mid:(\S+)/m.exec(section)?.[1] ?? String(at);
    const [, kind = '', , protocol = '', payload = ''] = /^m=(\S+) (\S+) (\S+) (\S+)/.exec(section) ?? [];
    const isData = kind === 'application';
    const codec = section.split('\r\n').filter((line) => /^a=(rtpmap|fmtp):/.test(line) && line.split(/[: ]/)[1] === payload);
    const medium = isData ? ['a=sctp-port:5000'] : ['a=recvonly', 'a=rtcp-mux', ...codec];
    return { mid, lines: [`m=${kind} 9 ${protocol} ${payload}`, 'c=IN IP4 0.0.0.0', `a=mid:${mid}`, ...own, ...medium] };
  });
  return lines([...head(answers.map(({ mid }) => mid)), ...answers.flatMap((answer) => answer.lines)]);
}
