#include "session/codec.hpp"

#include <gtest/gtest.h>

namespace hearth::session {
namespace {

using namespace std::chrono_literals;

Session full() {
    Session session;
    session.version = {"0123456789abcdef", 42};
    session.provider = "oidc";
    session.issuer = "https://issuer.test";
    session.client_id = "client";
    session.client_secret = Secret("client-secret");
    session.client_auth = "client_secret_basic";
    session.token_endpoint = "https://issuer.test/token";
    session.revocation_endpoint = "https://issuer.test/revoke";
    session.userinfo_endpoint = "https://issuer.test/me";
    session.access_token = Secret("access \"quoted\" \\ \n \x01 é");
    session.refresh_token = Secret("refresh");
    session.lifespan = Lifespan{{Instant(1'800'000'000'123ms), 12'345ms, {}}, 1h};
    session.lifespan->issued.boot_id.bytes.fill(9);
    session.refresh_expires_at = Instant(1'900'000'000s);
    session.signed_in_at = Instant(1'800'000'000s);
    session.scopes = *Scopes::parse("openid email");
    session.account = {"sub", "a@b.test", "Alice", "org", "Org", "ws", "Workspace", "max"};
    session.facts = {{"k", "v"}};
    return session;
}

TEST(Codec, gives_back_what_it_was_given) {
    const auto session = full();
    const auto back = decode(encode(session).reveal());
    ASSERT_TRUE(back) << back.error().what;
    EXPECT_EQ(back->version, session.version);
    EXPECT_EQ(back->access_token.reveal(), session.access_token.reveal());
    EXPECT_EQ(back->refresh_token->reveal(), "refresh");
    EXPECT_EQ(back->client_secret->reveal(), "client-secret");
    EXPECT_EQ(back->lifespan, session.lifespan);
    EXPECT_EQ(back->refresh_expires_at, session.refresh_expires_at);
    EXPECT_EQ(back->account, session.account);
    EXPECT_EQ(back->scopes, session.scopes);
    EXPECT_EQ(back->facts, session.facts);
    EXPECT_EQ(encode(*back).reveal(), encode(session).reveal());
}

TEST(Codec, every_truncation_is_an_error_that_quotes_nothing) {
    const auto document = encode(full());
    for (std::size_t size = 0; size < document.size(); ++size) {
        const auto cut = decode(document.reveal().substr(0, size));
        ASSERT_FALSE(cut) << size;
        EXPECT_EQ(cut.error().what.find("refresh"), std::string::npos);
    }
}

TEST(Codec, a_session_without_an_access_token_is_whole_only_where_it_is_renewed_first) {
    const auto text = [](std::string_view refresh_token, int lifetime) {
        return R"({"format":1,"lineage":"a","counter":1,"provider":"p","kind":"bearer")" +
               std::string(refresh_token) +
               R"(,"lifespan":{"issued_at_ms":5,"boot_ms":0,"lifetime_ms":)" +
               std::to_string(lifetime) + "}}";
    };
    EXPECT_TRUE(decode(text(R"(,"refresh_token":"r")", 0)));
    EXPECT_FALSE(decode(text(R"(,"refresh_token":"r")", 1)));
    EXPECT_FALSE(decode(text("", 0)));
}

TEST(Codec, what_an_older_hearth_can_read_is_written_so_that_it_can) {
    auto session = decode(R"({"format":1,"lineage":"a","counter":1,"provider":"p","kind":"bearer",)"
                          R"("access_token":"t"})");
    ASSERT_TRUE(session);
    EXPECT_TRUE(encode(*session).reveal().starts_with(R"({"format":1,)"));
    session->kind = Credential::Kind::aws;
    const auto keys = encode(*session);
    EXPECT_TRUE(keys.reveal().starts_with(R"({"format":2,)"));
    EXPECT_EQ(decode(keys.reveal())->kind, Credential::Kind::aws);
}

TEST(Codec, a_newer_format_is_refused) {
    const auto newer = decode(R"({"format":)" + std::to_string(session_format + 1) + "}");
    ASSERT_FALSE(newer);
    EXPECT_EQ(newer.error().remedy, Remedy::refused);
}

TEST(Codec, members_of_the_wrong_type_or_out_of_range_are_damage) {
    for (
        const auto* text :
        {R"([])", R"({"format":"x"})", R"({"format":1})", R"({"format":0})",
         R"({"format":1,"lineage":"a","counter":-1,"provider":"p","kind":"bearer","access_token":"t"})",
         R"({"format":1,"lineage":"a","counter":1,"provider":"p","kind":"other","access_token":"t"})",
         R"({"format":1,"lineage":"a","counter":1,"provider":"p","kind":"bearer","access_token":5})",
         R"({"format":1,"lineage":"a","counter":1,"provider":"p","kind":"bearer","access_token":"t","lifespan":{"issued_at_ms":9223372036854775807,"lifetime_ms":9223372036854775807}})"}) {
        EXPECT_FALSE(decode(text)) << text;
    }
}

}  // namespace
}  // namespace hearth::session
