/** The support desk: keeps a list of its calls, and may show an animated picture instead of the camera. */

const desk = document.getElementById('desk');
const calls = document.getElementById('calls');

const OUTCOMES = {
  'hung-up': 'spoken with',
  declined: 'declined',
  cancelled: 'missed',
  'no-answer': 'missed',
  left: 'left',
  'connection-lost': 'connection lost',
};

function minutes(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

desk.addEventListener('call-ended', ({ call, reason, duration }) => {
  const time = new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  const line = document.createElement('li');
  line.textContent = `${time} · ${call.name} · ${OUTCOMES[reason] ?? reason}${duration > 0 ? ` · ${minutes(duration)}` : ''}`;
  calls.prepend(line);
  document.getElementById('none').hidden = true;
});

const box = document.getElementById('virtual');
const choose = () => desk.toggleAttribute('virtual-camera', box.checked);
box.addEventListener('change', choose);
choose();
