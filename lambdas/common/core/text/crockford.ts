/** Crockford's base 32 in lower case, without look-alikes, in the order of its values: text sorts as numbers do. */
export const CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz";
