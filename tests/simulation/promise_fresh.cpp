#include <algorithm>

#include "simulation/promises.hpp"

namespace hearth::simulation {

using namespace std::chrono_literals;

namespace {

// What is left by the clocks of the machine: the boot-time clock in the boot in which the token was
// requested, else the wall clock. Nothing when the clock stands before the request.
std::optional<Span> left(const Issuer::AccessToken& token, const Moment& now) {
    if (token.requested.boot_id == now.boot_id)
        return token.lifetime - (now.boot - token.requested.boot);
    if (now.wall < token.requested.wall) return {};
    return token.lifetime - (now.wall - token.requested.wall);
}

}  // namespace

void Fresh::asked(const Question& question, const Host& host, const Version& held) {
    const auto& stored = witness_.ledgers.of(question.place).stored;
    if (question.warm || question.rejected || !stored || !stored->access || stored->version != held)
        return;
    const auto& token = witness_.issuer.access(*stored->access);
    const auto remaining = left(token, host.now());
    const Span floor = question.min_remaining.value_or(
        std::min(question.policy.min_remaining, token.lifetime / 4));
    if (token.told && remaining && *remaining > floor + 1ms && *remaining > 0ms) {
        witness_.scene.broken("fresh", question.who, " has a token that lasts for ",
                              remaining->count(), " ms and is not given it at once, though ",
                              floor.count(), " ms were enough");
    }
}

void Fresh::answered(const Question& question, const Reply& reply, const Host& host) {
    if (reply.result) check_expiry(question, **reply.result, reply.decided_at, host);
    if (!question.warm) return;
    if (!reply.result || reply.decided_at != question.asked_at) {
        witness_.scene.broken("fresh", question.who, " was above the floor and had to wait for ",
                              (reply.decided_at - question.asked_at).count(), " ms");
    }
}

void Fresh::check_expiry(const Question& question, const Credential& credential, Span decided_at,
                         const Host& host) {
    const auto number = access_number(credential.token().reveal());
    if (!number) return;
    const auto& token = witness_.issuer.access(*number);
    if (!token.told) return;  // Nobody could know.
    const Span late = witness_.scene.timeline.now() - decided_at;
    const auto now = host.now();
    const bool same_boot = token.requested.boot_id == now.boot_id;
    // In one boot there is no excuse: what counts is the time that has really passed.
    const auto remaining =
        same_boot ? token.issued_at + token.lifetime - decided_at : left(token, now);
    const Span allowance = same_boot ? 0ms : late;
    if (!remaining || *remaining + allowance <= 0ms) {
        witness_.scene.broken("fresh", question.who, " was handed ", access_name(*number),
                              ", which has expired");
    }
}

}  // namespace hearth::simulation
