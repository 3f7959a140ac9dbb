#include <gtest/gtest.h>

#include <cstdlib>
#include <future>
#include <thread>

#include "composition/private_files.hpp"
#include "hearth/hearth.hpp"
#include "library/warm_view.hpp"
#include "session/codec.hpp"
#include "stores/sealed_file_store.hpp"
#include "support/fake_clock.hpp"
#include "system/clock.hpp"
#include "system/files.hpp"
#include "system/random.hpp"
#include "unit/system/temporary_folder.hpp"

namespace hearth::testing {
namespace {

using namespace std::chrono_literals;

class Library : public ::testing::Test {
  protected:
    TemporaryFolder folder;
    std::string home = folder.path() + "/home";

    void write_config(const std::string& profiles) {
        ASSERT_TRUE(system::ensure_private_folder(home + "/state"));
        ASSERT_TRUE(system::atomic_write(
            home + "/config.toml",
            "[store]\nkind = \"sealed\"\nkey_file = \"" + home + "/key\"\n" + profiles));
    }
    // A home in which `work` is signed in, as a sign-in would leave it.
    void given_a_session(Span lifetime) {
        write_config(
            "[profiles.work]\nprovider = \"oidc\"\nissuer = \"http://127.0.0.1:9\"\n"
            "client_id = \"c\"\n");
        const system::SystemClock clock;
        system::SystemRandom random;
        composition::PrivateFiles files;
        stores::SealedFileStore store(home + "/state/sealed", stores::KeyFileSource{home + "/key"},
                                      random, files);
        Session session;
        session.version = {"lineage", 1};
        session.provider = "oidc";
        session.issuer = "http://127.0.0.1:9";
        session.client_id = "c";
        session.client_auth = "none";
        session.token_endpoint = "http://127.0.0.1:9/token";
        session.access_token = Secret("a-token");
        session.refresh_token = Secret("a-refresh-token");
        session.lifespan = Lifespan{clock.now(), lifetime};
        ASSERT_TRUE(store.save(*Name::parse("work"), session::encode(session)));
    }
    Result<std::unique_ptr<Hearth>> open() { return Hearth::open({.home = home, .keep = true}); }
};

TEST_F(Library, hands_out_what_was_given_to_the_process_first) {
    write_config(
        "[profiles.work]\nprovider = \"claude\"\n[profiles.other]\nprovider = \"oidc\"\n"
        "issuer = \"http://127.0.0.1:9\"\nclient_id = \"c\"\n");
    ASSERT_EQ(::setenv("ANTHROPIC_API_KEY", "sk-ant-api-given", 1), 0);
    const auto hearth = open();
    const auto without = Hearth::open({.home = home, .keep = true, .environment = false});
    ASSERT_EQ(::unsetenv("ANTHROPIC_API_KEY"), 0);
    ASSERT_TRUE(hearth);
    const auto credential = (*hearth)->credential("work");
    ASSERT_TRUE(credential) << credential.error().what;
    EXPECT_EQ((*credential)->token().reveal(), "sk-ant-api-given");
    EXPECT_EQ((*credential)->kind(), Credential::Kind::api_key);
    auto reader = (*hearth)->reader("work");
    ASSERT_TRUE(reader);
    EXPECT_NE(reader->warm(), nullptr);
    EXPECT_FALSE((*hearth)->credential("other"));
    EXPECT_FALSE((*without)->credential("work"));
}

TEST_F(Library, names_the_variable_whose_token_cannot_be_taken) {
    write_config("[profiles.work]\nprovider = \"claude\"\n");
    ASSERT_EQ(::setenv("ANTHROPIC_AUTH_TOKEN", "two words", 1), 0);
    const auto hearth = open();
    ASSERT_EQ(::unsetenv("ANTHROPIC_AUTH_TOKEN"), 0);
    ASSERT_TRUE(hearth);
    const auto credential = (*hearth)->credential("work");
    ASSERT_FALSE(credential);
    EXPECT_EQ(credential.error().remedy, Remedy::usage);
    EXPECT_NE(credential.error().what.find("ANTHROPIC_AUTH_TOKEN"), std::string::npos);
    EXPECT_EQ(credential.error().what.find("two words"), std::string::npos);
}

TEST_F(Library, hands_out_the_stored_session) {
    given_a_session(1h);
    const auto hearth = open();
    ASSERT_TRUE(hearth) << hearth.error().what;
    const auto credential = (*hearth)->credential("work");
    ASSERT_TRUE(credential) << credential.error().what;
    EXPECT_EQ((*credential)->token().reveal(), "a-token");
    EXPECT_EQ((*hearth)->status().at(0).state, "fresh");
}

TEST_F(Library, tells_what_happens_to_a_session) {
    given_a_session(1h);
    std::promise<SessionEvent> first;
    bool told = false;
    const auto hearth = Hearth::open({.home = home, .on_event = [&](const SessionEvent& event) {
                                          if (!std::exchange(told, true)) first.set_value(event);
                                      }});
    ASSERT_TRUE(hearth) << hearth.error().what;
    const auto event = first.get_future().get();
    EXPECT_EQ(event.type, "loaded");
    EXPECT_EQ(event.profile, "work");
    EXPECT_LE(event.at, std::chrono::system_clock::now());
    ASSERT_TRUE(event.expires_at);
    EXPECT_GT(*event.expires_at, event.at);
}

TEST_F(Library, readers_on_many_threads_see_the_same_credential) {
    given_a_session(1h);
    const auto hearth = open();
    ASSERT_TRUE((*hearth)->credential("work"));
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            auto reader = (*hearth)->reader("work");
            ASSERT_TRUE(reader);
            for (int ask = 0; ask < 1000; ++ask) {
                const auto* const credential = reader->warm();
                ASSERT_NE(credential, nullptr);
                EXPECT_EQ(credential->token().reveal(), "a-token");
            }
        });
    }
}

TEST_F(Library, an_expired_session_that_cannot_be_renewed_is_not_handed_out) {
    given_a_session(0s);
    const auto hearth = open();
    const auto credential = (*hearth)->credential("work");
    ASSERT_FALSE(credential);
    EXPECT_EQ(credential.error().remedy, Remedy::unreachable);
    EXPECT_EQ((*hearth)->reader("work")->warm(), nullptr);
}

TEST_F(Library, names_what_is_wrong_with_the_configuration) {
    write_config("[profiles.work]\nprovder = \"oidc\"\n");
    const auto hearth = open();
    ASSERT_FALSE(hearth);
    EXPECT_EQ(hearth.error().remedy, Remedy::usage);
    EXPECT_NE(hearth.error().what.find("config.toml"), std::string::npos);
}

TEST_F(Library, names_a_profile_that_is_not_there) {
    given_a_session(1h);
    const auto hearth = open();
    EXPECT_EQ((*hearth)->credential("nobody").error().remedy, Remedy::usage);
    EXPECT_EQ((*hearth)->reader("nobody").error().remedy, Remedy::usage);
    EXPECT_EQ((*hearth)->credential("no/name").error().remedy, Remedy::usage);
}

class Warm : public ::testing::Test {
  protected:
    FakeClock clock;
    std::shared_ptr<session::Publication> publication = std::make_shared<session::Publication>();
    library::WarmView view{publication, clock};

    void publish(const char* token, Span warm_for) {
        Credential::Parts parts;
        parts.token = Secret(token);
        session::Publication::View next;
        next.credential = std::make_shared<const Credential>(std::move(parts));
        next.warm_until_boot = clock.now().boot + warm_for;
        publication->publish(std::move(next));
    }
};

TEST_F(Warm, nothing_is_warm_before_the_first_publication) { EXPECT_EQ(view.get(), nullptr); }

TEST_F(Warm, a_new_publication_is_seen_at_once) {
    publish("one", 1h);
    EXPECT_EQ(view.get()->token().reveal(), "one");
    publish("two", 1h);
    EXPECT_EQ(view.get()->token().reveal(), "two");
}

TEST_F(Warm, what_is_past_its_floor_is_not_warm) {
    publish("one", -1s);
    EXPECT_EQ(view.get(), nullptr);
}

TEST_F(Warm, what_is_taken_back_is_gone) {
    publish("one", 1h);
    ASSERT_NE(view.get(), nullptr);
    publication->publish({});
    EXPECT_EQ(view.get(), nullptr);
}

TEST_F(Warm, near_the_floor_the_boot_clock_is_asked_each_time) {
    publish("one", 2s);
    ASSERT_NE(view.get(), nullptr);
    clock.advance(3s);  // A sleep that no coarse clock has counted.
    EXPECT_EQ(view.get(), nullptr);
}

}  // namespace
}  // namespace hearth::testing
