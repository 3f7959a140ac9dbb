// What Google's token endpoints answer to a person's refresh token, whatever the status.
#include "fuzz/target.hpp"
#include "hearth/sigv4.hpp"
#include "providers/google/authorized_user.hpp"
#include "support/fake_clock.hpp"

namespace hearth::fuzz {
namespace {

namespace google = providers::google;
using Kind = google::TokenFailure::Kind;

class NoMaterial : public google::Material {
  public:
    std::optional<std::string> variable(std::string_view /*name*/) override { return {}; }
    Result<std::optional<Secret>> file(const std::string& /*path*/,
                                       std::size_t /*limit*/) override {
        return std::nullopt;
    }
    std::string stamp(const std::string& /*path*/) override { return {}; }
    std::optional<Secret> printed(const ProfileName& /*profile*/) override { return {}; }
};

void require_sound_failure(const google::TokenFailure& failure) {
    require_discreet(failure.error);
    // A dead grant needs a person; nothing else ends a session.
    require((failure.kind == Kind::grant_invalid) == (failure.error.remedy == Remedy::sign_in));
    const auto pause = failure.retry_after.value_or(Span{});
    require(pause >= Span{} && pause <= std::chrono::days(7));
}

}  // namespace

void try_input(std::string_view input) {
    OneAnswer http(answer_in(input));
    const testing::FakeClock clock;
    NoMaterial material;
    const sigv4::Signer signer;
    google::AuthorizedUser user;
    user.client_id = "client";
    user.client_secret = Secret("client-secret");
    user.refresh_token = Secret(planted);
    user.token_uri = "https://oauth2.googleapis.com/token";
    for (const std::string audience : {"", "client"}) {
        google::Wanted wanted;
        wanted.scopes = {google::cloud_platform};
        wanted.id_token_audience = audience;
        const auto token = google::authorized_user_token(user, wanted,
                                                         {.http = http,
                                                          .clock = clock,
                                                          .material = material,
                                                          .signer = signer,
                                                          .printed = std::nullopt},
                                                         {});
        if (!token) {
            require_sound_failure(token.error());
            continue;
        }
        require(sendable(token->value.reveal()));
        if (const auto& newer = token->refresh_token) require(!newer->empty());
    }
}

}  // namespace hearth::fuzz
