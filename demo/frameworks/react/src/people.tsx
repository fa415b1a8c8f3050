import { useState } from 'react';
import { colleagues } from './team';

interface Settings {
  readonly saver: boolean;
  onSaver(on: boolean): void;
}

export function People({ saver, onSaver }: Settings) {
  const [voice, setVoice] = useState(false);

  return (
    <>
      <h1>People</h1>
      <fieldset>
        <label>
          <input type="checkbox" checked={voice} onChange={(event) => setVoice(event.target.checked)} /> Voice calls only
        </label>
        <label>
          <input type="checkbox" checked={saver} onChange={(event) => onSaver(event.target.checked)} /> Save data
        </label>
      </fieldset>
      <ul>
        {colleagues.map((person) => (
          <li key={person.id}>
            <span>
              {person.name}
              <small>{person.role}</small>
            </span>
            <video-call-button peer={person.id} media={voice ? 'audio' : 'video'}>
              Call {person.name}
            </video-call-button>
          </li>
        ))}
      </ul>
    </>
  );
}
