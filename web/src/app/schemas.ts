/** Zod must not compile its checks with eval: the content security policy of the server forbids it. */
import { z } from 'zod';

z.config({ jitless: true });
