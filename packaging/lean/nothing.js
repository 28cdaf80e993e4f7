/** In place of a module whose code the app never runs. */
export default null;
