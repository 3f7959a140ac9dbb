// What Google's credentials are got from: what a command prints, files and addresses with subject
// tokens, certificates, and what Google's services answer on the way.
#include <algorithm>

#include "fuzz/target.hpp"
#include "providers/google/certificate_subject.hpp"
#include "providers/google/executable_document.hpp"
#include "providers/google/external_account.hpp"
#include "providers/google/impersonation.hpp"
#include "providers/google/metadata.hpp"
#include "providers/google/subject_token.hpp"
#include "support/fake_clock.hpp"
#include "unit/google/known_material.hpp"

namespace hearth::fuzz {
namespace {

using namespace providers::google;

constexpr const char* impersonation_url =
    "https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/e:generateAccessToken";

void require_good(const TokenResult& token) {
    if (!token) return require_discreet(token.error().error);
    require(sendable(token->value.reveal()));
}

void try_document(std::string_view input) {
    const auto document = read_executable_document(input, "it");
    if (!document) return require_sound(document.error());
    require(document->success() != !document->reason.empty());
    require(!has_control_character(document->reason));
    require(document->reason.size() < 400);
}

void try_subject(std::string_view input) {
    for (const auto* const field : {"", "token"}) {
        const auto token = subject_in(input, {.field = field}, "it");
        token ? require(!token->empty()) : require_sound(token.error());
    }
    const auto chain = certificates_in(input);
    require(!chain || !chain->empty());
    require(!chain || std::ranges::none_of(*chain, has_control_character));
}

// Every service on the way answers alike.
void try_answers(std::string_view input) {
    static const testing::FakeClock clock;
    static const sigv4::Signer signer;
    static KnownMaterial material;
    OneAnswer http(answer_in(input));
    const Outside outside{
        .http = http, .clock = clock, .material = material, .signer = signer, .printed = {}};
    Wanted wanted;
    wanted.scopes = {cloud_platform};
    ExternalAccount account;
    account.audience = "pool";
    account.subject_token_type = "urn:ietf:params:oauth:token-type:jwt";
    account.token_url = "https://sts.googleapis.com/v1/token";
    const Secret secret(planted);
    require_good(exchanged_token(account, secret, wanted, outside, {}));
    account.source = AwsSource{.region_url = "http://169.254.169.254/zone",
                               .url = "http://169.254.169.254/keys",
                               .imdsv2_session_token_url = "http://169.254.169.254/session",
                               .regional_cred_verification_url = {}};
    const auto by_aws = external_account_token(account, wanted, "it", outside, {});
    if (!by_aws) require_sound(by_aws.error().error);
    const MetadataServer server{.host = "metadata.google.internal"};
    const Impersonation impersonation{.url = impersonation_url, .delegates = {}, .scopes = {}};
    for (const auto* const audience : {"", "https://run.example"}) {
        wanted.id_token_audience = audience;
        require_good(impersonated_token(impersonation, secret, wanted, outside, {}));
        const auto by_metadata = metadata_token(server, wanted, outside, {});
        if (!by_metadata) require_sound(by_metadata.error().error);
        if (by_metadata) require(sendable(by_metadata->value.reveal()));
    }
    const auto text = metadata_text(server, "project/project-id", outside, {});
    require(!text || !has_control_character(*text));
}

}  // namespace

void try_input(std::string_view input) {
    try_document(input);
    try_subject(input);
    try_answers(input);
}

}  // namespace hearth::fuzz
