/** A screen that answers by itself: shows the time between calls, and may show an animated picture instead of the camera. */

const hall = document.getElementById('hall');
const clock = document.getElementById('clock');

const tick = () => {
  const now = new Date();
  clock.textContent = now.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false });
  clock.dateTime = now.toISOString();
};
tick();
setInterval(tick, 1000);

const box = document.getElementById('virtual');
const caller = document.getElementById('caller');
const choose = () => {
  hall.toggleAttribute('virtual-camera', box.checked);
  caller.href = `pair.html?me=reception&peer=hall${box.checked ? '&virtual=' : ''}`;
};
box.addEventListener('change', choose);
choose();

addEventListener('pointerdown', () => (document.getElementById('sound').hidden = true), { once: true });
