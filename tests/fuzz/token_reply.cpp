// What a token endpoint answers, whatever its status (RFC 6749 sections 5.1 and 5.2).
#include "fuzz/target.hpp"
#include "oauth/token_endpoint.hpp"
#include "support/fake_clock.hpp"

namespace hearth::fuzz {
namespace {

constexpr const char* token_url = "https://issuer.example/token";

void require_usable(const oauth::TokenReply& reply) {
    require(sendable(reply.access_token.reveal()));
    require(!reply.refresh_token || !reply.refresh_token->empty());
    require(!reply.id_token || !reply.id_token->empty());
    require(!reply.expires_in || *reply.expires_in >= Span{});
    require(!reply.refresh_expires_in || *reply.refresh_expires_in > Span{});
    if (reply.scopes) require(Scopes::parse(reply.scopes->to_string()) == *reply.scopes);
}

void require_sound_failure(const oauth::TokenFailure& failure) {
    using Kind = oauth::TokenFailure::Kind;
    require_discreet(failure.error);
    require(!failure.code.contains(planted) && !has_control_character(failure.code));
    // A dead grant needs a person; nothing else ends a session.
    require((failure.kind == Kind::grant_invalid) == (failure.error.remedy == Remedy::sign_in));
    require(failure.kind != Kind::grant_invalid || !failure.worth_retrying);
    const auto pause = failure.retry_after.value_or(Span{});
    require(pause >= Span{} && pause <= std::chrono::days(7));
}

}  // namespace

void try_input(std::string_view input) {
    OneAnswer http(answer_in(input));
    const testing::FakeClock clock;
    oauth::TokenEndpoint endpoint(http, clock);
    const auto answer =
        endpoint.ask(token_url, {.id = "client", .secret = {}, .auth = oauth::ClientAuth::none},
                     oauth::refresh_grant(Secret(planted), {}), {});
    if (answer.outcome) {
        require_usable(*answer.outcome);
    } else {
        require_sound_failure(answer.outcome.error());
    }
}

}  // namespace hearth::fuzz
