#include "session/codec.hpp"
#include "simulation/promises.hpp"

namespace hearth::simulation {

void NeverLost::saved(const std::string& who, const Place& place, const std::string& document,
                      By by) {
    const auto session = session::decode(document);
    if (!session) return witness_.scene.broken("never lost", who, " saves what cannot be read");
    auto& ledger = witness_.ledgers.of(place);
    Ledger::Stored next{session->version,
                        session->account.subject,
                        access_number(session->access_token.reveal()),
                        {}};
    if (session->refresh_token) next.refresh = refresh_number(session->refresh_token->reveal());
    check_order(who, ledger, next, by);
    if (!ledger.stored || ledger.stored->version.lineage != next.version.lineage) {
        ++ledger.mishaps;
        ledger.hold_until = {};  // A sign-in begins anew.
        ledger.asked_of = 0;
    }
    // What led to this token is of no use to anybody any more.
    auto ancestor = next.refresh ? witness_.issuer.refresh(*next.refresh).parent : std::nullopt;
    while (ancestor && !witness_.issuer.refresh(*ancestor).superseded) {
        auto& token = witness_.issuer.refresh(*ancestor);
        token.superseded = token.spent_at.has_value();
        ancestor = token.parent;
    }
    ledger.stored = std::move(next);
}

void NeverLost::check_order(const std::string& who, const Ledger& ledger,
                            const Ledger::Stored& next, By by) {
    auto& scene = witness_.scene;
    if (ledger.erased.contains(next.version.lineage))
        return scene.broken("never lost", who, " brings an erased session back");
    if (!ledger.stored) {
        if (by == By::keeper)
            scene.broken("never lost", who, " saves a renewal of a session that is not there");
        return;
    }
    const auto& before = *ledger.stored;
    const bool same_lineage = before.version.lineage == next.version.lineage;
    if (by == By::keeper && !same_lineage)
        return scene.broken("never lost", who, " overwrites another sign-in's session");
    if (same_lineage && next.version.counter < before.version.counter)
        return scene.broken("never lost", who, " overwrites version ", before.version.counter,
                            " by version ", next.version.counter);
    if (same_lineage && next.version == before.version && next.refresh != before.refresh)
        return scene.broken("never lost", who,
                            " overwrites a token by another of the same version");
    if (by == By::sign_in && before.subject != next.subject)
        scene.broken("never lost", who, " replaces the account of '", before.subject,
                     "' by that of '", next.subject, "' unasked");
}

void NeverLost::erased(const std::string& who, const Place& place, bool by_sign_out) {
    auto& ledger = witness_.ledgers.of(place);
    if (!by_sign_out) witness_.scene.broken("never lost", who, " erases without a sign-out");
    if (ledger.stored) ledger.erased.insert(ledger.stored->version.lineage);
    ledger.stored.reset();
    ledger.hold_until = {};
    ledger.asked_of = 0;
    ++ledger.mishaps;
}

void NeverLost::journal_written(const std::string& who, const Place& place,
                                const session::Journal& before, const session::Journal& after) {
    if (!after.sign_in_needed || before.sign_in_needed) return;
    witness_.scene.reached(Reached::sign_in_needed);
    const auto sent = witness_.ledgers.of(place).last_sent;
    if (!sent) return witness_.scene.broken("never lost", who, " wants a sign-in unasked");
    if (witness_.issuer.would_renew(*sent))
        return witness_.scene.broken("never lost", who, " wants a sign-in, but the provider takes ",
                                     refresh_name(*sent));
    const auto& family = witness_.issuer.family(witness_.issuer.refresh(*sent).family);
    if (family.end == Issuer::End::discarded)
        witness_.scene.broken("never lost", who, " wants a sign-in, because hearth itself revoked ",
                              refresh_name(*sent), " though it was in the store");
}

bool NeverLost::good(const Place& place) {
    const auto& stored = witness_.ledgers.of(place).stored;
    return stored && stored->refresh && witness_.issuer.would_renew(*stored->refresh);
}

void NeverLost::answered(const Question& question, const Reply& reply) {
    if (reply.result || reply.result.error().remedy != Remedy::sign_in) return;
    // A process that could not read may not know yet that somebody signed in.
    const bool could_read = reply.failed_reads == question.failed_reads;
    const bool unchanged = witness_.ledgers.of(question.place).mishaps == question.mishaps;
    if (question.good && unchanged && could_read && good(question.place))
        witness_.scene.broken("never lost", question.who, " was told to sign in (",
                              reply.result.error().what,
                              "), but the provider takes what is stored");
}

}  // namespace hearth::simulation
