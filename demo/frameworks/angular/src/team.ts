/** Who works here. In your app this comes from your server. */
export const team = [
  { id: 'alice', name: 'Alice', role: 'Front desk' },
  { id: 'bob', name: 'Bob', role: 'Workshop' },
  { id: 'carol', name: 'Carol', role: 'Accounts' },
];

// Stands for your sign-in: /?me=bob makes this tab Bob's.
const asked = new URLSearchParams(location.search).get('me');
if (asked) sessionStorage.setItem('me', asked);
const id = sessionStorage.getItem('me') ?? 'alice';

/** Whom this page belongs to. */
export const me = team.find((person) => person.id === id) ?? { id, name: id, role: '' };

/** Everybody else. */
export const colleagues = team.filter((person) => person.id !== me.id);
