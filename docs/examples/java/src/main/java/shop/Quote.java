package shop;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.time.Clock;
import java.time.Instant;
import java.util.SplittableRandom;
import org.crac.Core;
import org.crac.Resource;

/** A function with SnapStart: it runs its own code before the snapshot, and renews its state after each restore. */
public final class Quote implements RequestHandler<Quote.Request, Quote.Response>, Resource {
    /** The event of the function. */
    public record Request(long amount, long percent) { }

    /** The result of the function. */
    public record Response(long fee, long sample) { }

    private SplittableRandom random = new SplittableRandom();
    private Instant pricesReadAt;

    public Quote() {
        Core.getGlobalContext().register(this);
    }

    @Override
    public Response handleRequest(Request request, Context context) {
        if (request.amount() < 0) {
            throw new IllegalArgumentException("amount must be at least 0, got " + request.amount());
        }
        if (pricesReadAt == null) {
            pricesReadAt = Clock.systemUTC().instant();
        }
        return new Response(request.amount() * request.percent() / 100, random.nextLong(100));
    }

    /** Loads the classes and compiles the code that the first request would wait for. */
    @Override
    public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
        for (int call = 0; call < 1_000; call++) {
            handleRequest(new Request(call, 3), null);
        }
    }

    /** Renews what must be unique, and removes what can be outdated. */
    @Override
    public void afterRestore(org.crac.Context<? extends Resource> context) {
        random = new SplittableRandom();
        pricesReadAt = null;
    }
}
