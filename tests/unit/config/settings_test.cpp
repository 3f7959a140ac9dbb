#include "config/settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::config {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

constexpr std::string_view file = "config.toml";

Settings parsed(std::string_view text) {
    auto settings = parse_settings(text, file);
    EXPECT_TRUE(settings) << (settings ? "" : settings.error().what + settings.error().hint);
    return settings.value_or(Settings{});
}

Error refused(std::string_view text) {
    const auto settings = parse_settings(text, file);
    EXPECT_FALSE(settings) << text;
    const Error error = settings ? Error{} : settings.error();
    EXPECT_EQ(error.remedy, Remedy::usage);
    return error;
}

Profile work(std::string_view lines) {
    const auto settings = parsed("[profiles.work]\nprovider = \"oidc\"\n" + std::string(lines));
    return *settings.profiles.at(*Name::parse("work"));
}

std::string wrong_in_profile(std::string_view line) {
    const auto error = refused("[profiles.work]\nprovider = \"oidc\"\n" + std::string(line));
    EXPECT_THAT(error.what, HasSubstr("config.toml:3:"));
    return error.what;
}

TEST(Settings, of_an_empty_file_are_the_defaults) {
    const auto settings = parsed("");
    EXPECT_EQ(settings.store.kind, StoreKind::keychain);
    EXPECT_EQ(settings.rate.per_second, 20);
    EXPECT_TRUE(settings.profiles.empty());
}

TEST(Settings, hold_every_table) {
    const auto settings = parsed(R"(
[store]
kind = "sealed"
key_file = "/keys/hearth"
timeout = "3s"
[limits]
requests_per_second = 7
burst = 12.5
[profiles.claude]
provider = "claude"
)");
    EXPECT_EQ(settings.store.kind, StoreKind::sealed);
    EXPECT_EQ(settings.store.key_file, "/keys/hearth");
    EXPECT_EQ(settings.store.timeout, std::chrono::seconds(3));
    EXPECT_EQ(settings.rate.per_second, 7);
    EXPECT_EQ(settings.rate.burst, 12.5);
    EXPECT_TRUE(settings.profiles.contains(*Name::parse("claude")));
}

TEST(Settings, take_a_key_file_alone_as_the_key_source) {
    EXPECT_EQ(parsed("[store]\nkey_file = \"/k\"").store.key_source, "key_file");
    EXPECT_EQ(parsed("[store]\nkey_fd = 3").store.key_source, "key_fd");
    EXPECT_EQ(parsed("[store]\nkey_source = \"keychain\"\nkey_file = \"/k\"").store.key_source,
              "keychain");
    EXPECT_EQ(parsed("").store.key_source, "passphrase");
}

TEST(Settings, need_the_file_that_the_key_source_names) {
    EXPECT_THAT(refused("[store]\nkey_source = \"key_file\"").what,
                HasSubstr("config.toml:2:14: key_source is \"key_file\", and store.key_file"));
    EXPECT_THAT(refused("[store]\nkey_file = \"/k\"\nkey_fd = 3").what, HasSubstr("both"));
}

TEST(Settings, fill_every_member_of_a_profile) {
    const auto profile = work(R"(session = "shared"
issuer = "https://login.example.com"
client_id = "me"
client_secret = "s"
client_auth = "client_secret_post"
scopes = ["openid", "email"]
resources = ["https://api.example.com", "urn:example:files"]
redirect_uri = "http://127.0.0.1/back"
redirect_port = 8123
manual_redirect_uri = "https://login.example.com/code"
organization = "o"
workspace = "w"
console_url = "https://console.example.com"
base_url = "https://api.example.com"
profile_url = "https://api.example.com/me"
authorization_endpoint = "https://login.example.com/authorize"
token_endpoint = "https://login.example.com/token"
device_authorization_endpoint = "https://login.example.com/device"
revocation_endpoint = "https://login.example.com/revoke"
userinfo_endpoint = "https://login.example.com/me"
registration_endpoint = "https://login.example.com/register"
jwks_uri = "https://login.example.com/keys"
refresh_before = "10m"
min_remaining = 90
sign_in_timeout = "1m30s"
[profiles.work.authorize_parameters]
prompt = "consent"
)");
    EXPECT_EQ(profile.session.text(), "shared");
    EXPECT_EQ(profile.client_auth, "client_secret_post");
    EXPECT_THAT(profile.scopes.values(), ElementsAre("openid", "email"));
    EXPECT_THAT(profile.resources, ElementsAre("https://api.example.com", "urn:example:files"));
    EXPECT_EQ(profile.redirect_port, 8123);
    EXPECT_EQ(profile.endpoints->jwks, "https://login.example.com/keys");
    EXPECT_EQ(profile.endpoints->authorization, "https://login.example.com/authorize");
    EXPECT_EQ(profile.renewal.refresh_before, std::chrono::minutes(10));
    EXPECT_EQ(profile.renewal.min_remaining, std::chrono::seconds(90));
    EXPECT_EQ(profile.sign_in_timeout, std::chrono::seconds(90));
    EXPECT_THAT(profile.authorize_parameters, ElementsAre(Pair("prompt", "consent")));
    // 27 keys were given, and each is shown again, the secret one as a placeholder.
    EXPECT_EQ(described(profile).size(), 27U);
    EXPECT_THAT(described(profile), Contains(Pair("client_secret", "[secret]")));
}

TEST(Settings, take_scopes_as_one_text_too) {
    EXPECT_THAT(work("scopes = \"openid  email\"").scopes.values(), ElementsAre("openid", "email"));
}

TEST(Settings, give_a_profile_a_session_of_its_own_name) {
    EXPECT_EQ(work("").session.text(), "work");
}

TEST(Settings, refuse_an_unknown_key_and_name_the_nearest) {
    const auto error = refused("[profiles.work]\nprovider = \"oidc\"\nisuer = \"x\"");
    EXPECT_EQ(error.what, "config.toml:3:1: 'isuer' is not a key of a profile");
    EXPECT_EQ(error.hint, "did you mean 'issuer'?");
    EXPECT_EQ(refused("[stor]").hint, "did you mean 'store'?");
    EXPECT_EQ(refused("[limits]\nbrust = 3").hint, "did you mean 'burst'?");
    EXPECT_THAT(refused("[store]\nsomething_else = 3").hint, HasSubstr("lists"));
}

TEST(Settings, name_the_place_and_the_reason) {
    const auto error = refused("[store]\n  kind = \"drawer\"");
    EXPECT_EQ(error.what, "config.toml:2:10: kind must be one of keychain, sealed, memory");
}

TEST(Settings, refuse_what_is_not_toml_with_its_place) {
    EXPECT_THAT(refused("[store\n").what, HasSubstr("config.toml:1:"));
    EXPECT_THAT(refused("[store]\nkind = ").what, HasSubstr("config.toml:2:"));
    EXPECT_THAT(refused("[,store]\n").what, HasSubstr("config.toml:1:"));
    EXPECT_THAT(refused("[\u00e9]\n").what, HasSubstr("config.toml:1:"));
}

TEST(Settings, accept_plain_http_for_loopback_alone) {
    EXPECT_EQ(work("issuer = \"http://127.0.0.1:9000\"").issuer, "http://127.0.0.1:9000");
    EXPECT_THAT(wrong_in_profile("issuer = \"http://example.com\""), HasSubstr("https"));
    EXPECT_THAT(wrong_in_profile("token_endpoint = \"not a url\""), HasSubstr("token_endpoint is"));
    EXPECT_THAT(wrong_in_profile("base_url = \"https://u:p@example.com\""), HasSubstr("user"));
}

TEST(Settings, refuse_control_characters_in_what_is_sent) {
    for (const std::string key : {"client_id", "client_secret", "organization"}) {
        EXPECT_THAT(wrong_in_profile(key + " = \"a\\u0001b\""), HasSubstr("control characters"));
        EXPECT_THAT(wrong_in_profile(key + " = \"a\\nb\""), HasSubstr("control characters"));
    }
}

TEST(Settings, never_repeat_a_secret_that_is_refused) {
    EXPECT_THAT(wrong_in_profile("client_secret = \"hunter2\\u0007\""),
                ::testing::Not(HasSubstr("hunter2")));
}

TEST(Settings, refuse_values_out_of_range) {
    EXPECT_THAT(refused("[limits]\nrequests_per_second = 0").what, HasSubstr("must be a number"));
    EXPECT_THAT(refused("[limits]\nburst = inf").what, HasSubstr("must be a number"));
    EXPECT_THAT(wrong_in_profile("redirect_port = 65536"), HasSubstr("0 to 65535"));
    EXPECT_THAT(wrong_in_profile("redirect_port = 80.5"), HasSubstr("whole number"));
    EXPECT_THAT(wrong_in_profile("refresh_before = \"soon\""), HasSubstr("span of time"));
    EXPECT_THAT(wrong_in_profile("refresh_before = -5"), HasSubstr("span of time"));
    EXPECT_THAT(wrong_in_profile("scopes = [1]"), HasSubstr("list of texts"));
    EXPECT_THAT(wrong_in_profile("issuer = true"), HasSubstr("must be a text"));
    EXPECT_THAT(refused("[store]\nkey_file = \"relative\"").what, HasSubstr("absolute path"));
}

TEST(Settings, refuse_profiles_with_a_bad_name_or_without_a_provider) {
    EXPECT_THAT(refused("[profiles.\"../etc\"]\nprovider = \"oidc\"").what, HasSubstr("../etc"));
    EXPECT_THAT(refused("[profiles.\"hearth.x\"]\nprovider = \"oidc\"").what,
                HasSubstr("keeps for itself"));
    EXPECT_THAT(refused("[profiles.work]\nissuer = \"https://x.example\"").what,
                HasSubstr("has no provider"));
    EXPECT_THAT(refused("[profiles.work]\nprovider = \"nobody\"").what,
                HasSubstr("aws, claude, google, oidc"));
    EXPECT_THAT(refused("profiles = 3").what, HasSubstr("must be a table"));
}

TEST(Settings, refuse_a_session_that_hearth_keeps_for_itself) {
    EXPECT_THAT(wrong_in_profile("session = \"hearth.key-0123\""), HasSubstr("keeps for itself"));
    const auto error = refused("[profiles.work]\nprovider = \"oidc\"\nsession = \"hearth.x\"");
    EXPECT_THAT(error.what, HasSubstr(":3:11: session is a name that hearth keeps for itself"));
}

TEST(Settings, say_whom_to_trust) {
    EXPECT_EQ(parsed("[network]\ncertificates = \"/etc/own.pem\"").network.certificates,
              "/etc/own.pem");
    EXPECT_EQ(value_of(Settings{}, "network.certificates"), "");
    EXPECT_THAT(refused("[network]\ncertificates = \"own.pem\"").what, HasSubstr("absolute path"));
    EXPECT_EQ(value_of(Settings{}, "network.certificate").error().hint,
              "did you mean network.certificates?");
}

TEST(Settings, have_a_helper_of_the_providers_kind) {
    const auto settings = parse_settings(
        "[profiles.a]\nprovider = \"claude\"\napi_key_helper = \"vault key\"\nhelper_ttl = 90\n",
        "config.toml");
    ASSERT_TRUE(settings);
    const auto& helper = *settings->profiles.at(*Name::parse("a"))->helper;
    EXPECT_EQ(helper.command(), "vault key");
    EXPECT_EQ(helper.setting(), "api_key_helper");
    EXPECT_EQ(helper.ttl, std::chrono::seconds(90));
    const auto wrong = parse_settings(
        "[profiles.a]\nprovider = \"oidc\"\napi_key_helper = \"vault key\"\n", "config.toml");
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().remedy, Remedy::usage);
    EXPECT_EQ(wrong.error().what.find("vault"), std::string::npos);
}

TEST(Settings, keep_what_a_command_prints_for_an_hour_where_that_is_keys_of_aws) {
    const auto settings = parse_settings(
        "[profiles.a]\nprovider = \"aws\"\ncredential_export = \"vault keys\"\n"
        "[profiles.b]\nprovider = \"oidc\"\ntoken_helper = \"vault token\"\n",
        "config.toml");
    ASSERT_TRUE(settings);
    const auto& keys = *settings->profiles.at(*Name::parse("a"))->helper;
    EXPECT_EQ(keys.setting(), "credential_export");
    EXPECT_EQ(keys.command(), "vault keys");
    EXPECT_EQ(keys.kept_for(), std::chrono::hours(1));
    EXPECT_EQ(settings->profiles.at(*Name::parse("b"))->helper->kept_for(),
              std::chrono::minutes(5));
    EXPECT_FALSE(
        parse_settings("[profiles.a]\nprovider = \"claude\"\ncredential_export = \"vault keys\"\n",
                       "config.toml"));
}

TEST(Settings, bound_the_time_that_auth_refresh_has) {
    for (const auto* timeout : {"0s", "4m"}) {
        EXPECT_FALSE(parse_settings("[profiles.a]\nprovider = \"aws\"\nauth_refresh_timeout = \"" +
                                        std::string(timeout) + "\"\n",
                                    "config.toml"))
            << timeout;
    }
}

TEST(Settings, say_where_tokens_of_google_come_from) {
    const auto settings = parse_settings(
        "[profiles.a]\nprovider = \"google\"\ncredentials_file = \"/keys/a.json\"\n"
        "delegates = [\"one@p.example\", \"two@p.example\"]\nexecutables = \"allow\"\n",
        "config.toml");
    ASSERT_TRUE(settings) << settings.error().what;
    const auto& profile = *settings->profiles.at(*Name::parse("a"));
    EXPECT_EQ(profile.google->credentials_file, "/keys/a.json");
    EXPECT_EQ(profile.google->delegates,
              (std::vector<std::string>{"one@p.example", "two@p.example"}));
    EXPECT_TRUE(profile.google->allow_executables);
    EXPECT_EQ(profile.renewal, RenewalPolicy::of("google"));
    for (const auto* wrong : {"executables = \"yes\"", "credentials_file = \"a.json\"",
                              "sts_endpoint = \"http://sts.example\""}) {
        EXPECT_FALSE(parse_settings(
            std::string("[profiles.a]\nprovider = \"google\"\n") + wrong + "\n", "config.toml"))
            << wrong;
    }
}

TEST(Settings, bound_the_time_that_a_helper_has) {
    for (const auto* timeout : {"0s", "2m"}) {
        EXPECT_FALSE(parse_settings("[profiles.a]\nprovider = \"claude\"\nhelper_timeout = \"" +
                                        std::string(timeout) + "\"\n",
                                    "config.toml"))
            << timeout;
    }
}

TEST(Described, hides_the_command_of_a_helper) {
    auto profile = Profile{.name = *Name::parse("a"), .session = *Name::parse("a")};
    profile.helper->api_key = "echo s3cret";
    for (const auto& [key, value] : described(profile))
        EXPECT_EQ(value.find("s3cret"), std::string::npos) << key;
}

TEST(ValueOf, gives_what_is_set_and_the_defaults) {
    const auto settings = parsed(R"([store]
kind = "memory"
[profiles."a.b"]
provider = "oidc"
scopes = ["x", "y"]
authorize_parameters.prompt = "login"
)");
    EXPECT_EQ(value_of(settings, "store.kind"), "memory");
    EXPECT_EQ(value_of(settings, "store.timeout"), "10s");
    EXPECT_EQ(value_of(settings, "limits.burst"), "50");
    EXPECT_EQ(value_of(settings, "profiles.a.b.scopes"), "x y");
    EXPECT_EQ(value_of(settings, "profiles.a.b.refresh_before"), "5m");
    EXPECT_EQ(value_of(settings, "profiles.a.b.authorize_parameters.prompt"), "login");
}

TEST(ValueOf, names_the_nearest_key_for_an_unknown_one) {
    const auto value = value_of(Settings{}, "store.knd");
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().remedy, Remedy::usage);
    EXPECT_EQ(value.error().hint, "did you mean store.kind?");
    EXPECT_EQ(value_of(Settings{}, "profiles.nobody.issuer").error().remedy, Remedy::usage);
    EXPECT_FALSE(value_of(Settings{}, ""));
    EXPECT_FALSE(value_of(Settings{}, "profiles"));
}

TEST(KeyDocuments, describe_every_key_once) {
    const auto documents = key_documents();
    EXPECT_EQ(documents.size(), 5U + 1U + 2U + 75U + 8U + 1U);
    for (const auto& [key, kind, doc] : documents) {
        EXPECT_FALSE(kind.empty()) << key;
        EXPECT_FALSE(doc.empty()) << key;
    }
}

}  // namespace
}  // namespace hearth::config
