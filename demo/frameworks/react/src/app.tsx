import { useState } from 'react';
import { NavLink, Route, Routes } from 'react-router';
import type { CallConnectedEvent, CallEndedEvent, RelayStatusEvent } from 'video-call-elements';
import 'video-call-elements';
import { Notes } from './notes';
import { People } from './people';
import { me } from './team';

export function App() {
  const [news, setNews] = useState('Connecting …');
  const [saver, setSaver] = useState(false);

  return (
    <>
      <header>
        <strong>Team</strong>
        <nav>
          <NavLink to="/">People</NavLink>
          <NavLink to="/notes">Notes</NavLink>
        </nav>
        <span role="status">{news}</span>
      </header>
      <main>
        <Routes>
          <Route path="/" element={<People saver={saver} onSaver={setSaver} />} />
          <Route path="/notes" element={<Notes />} />
        </Routes>
      </main>
      {/* The panel stands outside of the routes, so that a call goes on while the person goes elsewhere. */}
      <video-call-panel
        relay={import.meta.env.VITE_RELAY}
        me={me.id}
        display-name={me.name}
        data-saver={saver}
        onrelay-status={(event: RelayStatusEvent) => setNews(event.status === 'online' ? 'You can be called' : 'Connecting …')}
        oncall-connected={(event: CallConnectedEvent) => setNews(`In a call with ${event.call.name}`)}
        oncall-ended={(event: CallEndedEvent) => setNews(`Call ended (${event.reason}), ${Math.round(event.duration)} s`)}
      />
    </>
  );
}
