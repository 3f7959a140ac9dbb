#include "providers/grants/code_grant.hpp"

#include "provider_fixture.hpp"

namespace hearth::providers {
namespace {

class CodeGrantTest : public ProviderTest {
  protected:
    CodeGrant::Plan plan() {
        return {.redirect_uri = "http://127.0.0.1:{port}/callback",
                .redirect_port = 0,
                .manual_redirect_uri = "https://console.example/code",
                .response = {.state = "good", .issuer = {}, .promises_iss = false},
                .limit = std::chrono::minutes(1)};
    }
    Result<CodeGrant::Received> asked(CodeGrant::Plan with) {
        auto grant = CodeGrant::open(callbacks, std::move(with));
        if (!grant) return std::unexpected(grant.error());
        return grant->ask(
            person,
            {.browser_url = "https://login.example/b", .manual_url = "https://login.example/m"},
            stop.get_token());
    }
    void when_paste_is_offered(std::function<void()> act) {
        person.on_show = [act = std::move(act)](const Prompt& prompt) {
            if (std::holds_alternative<OfferPaste>(prompt)) act();
        };
    }
};

TEST_F(CodeGrantTest, shows_both_pages_and_takes_what_comes_first) {
    when_paste_is_offered([this] {
        browser.come_back("/callback?code=from-browser&state=good");
        person.paste("from-paste#good");
    });
    const auto received = asked(plan());
    ASSERT_TRUE(received);
    EXPECT_EQ(received->code.reveal(), "from-browser");
    EXPECT_EQ(received->redirect_uri, "http://127.0.0.1:49321/callback");
    EXPECT_EQ(person.all<OpenBrowser>().at(0).url, "https://login.example/b");
    EXPECT_EQ(person.all<OfferPaste>().at(0).url, "https://login.example/m");
}

TEST_F(CodeGrantTest, takes_a_pasted_code_for_the_page_that_showed_it) {
    when_paste_is_offered([this] { person.paste("from-paste#good"); });
    const auto received = asked(plan());
    ASSERT_TRUE(received);
    EXPECT_EQ(received->code.reveal(), "from-paste");
    EXPECT_EQ(received->redirect_uri, "https://console.example/code");
}

TEST_F(CodeGrantTest, takes_a_pasted_address_for_the_loopback_redirect) {
    when_paste_is_offered(
        [this] { person.paste("http://127.0.0.1:49321/callback?code=c&state=good"); });
    EXPECT_EQ(asked(plan())->redirect_uri, "http://127.0.0.1:49321/callback");
}

TEST_F(CodeGrantTest, goes_on_after_a_paste_of_another_sign_in) {
    when_paste_is_offered([this] {
        person.paste("old#bad");
        person.paste("right#good");
    });
    EXPECT_EQ(asked(plan())->code.reveal(), "right");
    ASSERT_EQ(person.all<Notice>().size(), 1U);
    EXPECT_NE(person.all<Notice>()[0].text.find("another sign-in"), std::string::npos);
}

TEST_F(CodeGrantTest, ends_when_nobody_comes_in_time) {
    auto hasty = plan();
    hasty.limit = std::chrono::milliseconds(1);
    const auto received = asked(hasty);
    ASSERT_FALSE(received);
    EXPECT_EQ(received.error().remedy, Remedy::sign_in);
    EXPECT_NE(received.error().what.find("nobody signed in"), std::string::npos);
}

TEST_F(CodeGrantTest, leaves_nothing_behind_when_it_is_cancelled) {
    when_paste_is_offered([this] {
        EXPECT_TRUE(callbacks.listening());
        stop.request_stop();
    });
    EXPECT_EQ(asked(plan()).error().what, "the sign-in was cancelled");
    EXPECT_FALSE(callbacks.listening());
    EXPECT_FALSE(person.can_paste());
}

TEST_F(CodeGrantTest, lets_the_browser_read_how_it_ended_before_it_closes) {
    when_paste_is_offered([this] { browser.come_back("/callback?code=c&state=good"); });
    {
        auto grant = CodeGrant::open(callbacks, plan());
        ASSERT_TRUE(grant->ask(person, {.browser_url = "b", .manual_url = "m"}, stop.get_token()));
        const auto ended = CodeGrant::finish(
            std::move(*grant),
            std::unexpected(Error{Remedy::failed, "the exchange went wrong", "try again"}), person);
        EXPECT_FALSE(ended);
    }
    EXPECT_NE(browser.page().body.find("the exchange went wrong. What to do: try again"),
              std::string::npos);
    EXPECT_FALSE(callbacks.listening());
}

TEST_F(CodeGrantTest, does_not_say_that_it_worked_before_the_session_is_kept) {
    person.end = std::unexpected(Error{Remedy::refused, "another account is there", "--switch"});
    when_paste_is_offered([this] { browser.come_back("/callback?code=c&state=good"); });
    auto grant = CodeGrant::open(callbacks, plan());
    ASSERT_TRUE(grant->ask(person, {.browser_url = "b", .manual_url = "m"}, stop.get_token()));
    EXPECT_TRUE(CodeGrant::finish(std::move(*grant), Session(), person));
    const auto page = browser.page().body;
    EXPECT_EQ(page.find("You are signed in"), std::string::npos);
    EXPECT_NE(page.find("another account is there. What to do: --switch"), std::string::npos);
    EXPECT_FALSE(callbacks.listening());
}

TEST_F(CodeGrantTest, claims_nothing_when_nobody_says_how_it_ended) {
    struct Absent : testing::FakePerson {
        void on_end(Farewell farewell) override { kept = std::move(farewell); }
        Farewell kept;
    } absent;
    absent.on_show = [this](const Prompt& prompt) {
        if (std::holds_alternative<OfferPaste>(prompt))
            browser.come_back("/callback?code=c&state=good");
    };
    auto grant = CodeGrant::open(callbacks, plan());
    ASSERT_TRUE(grant->ask(absent, {.browser_url = "b", .manual_url = "m"}, stop.get_token()));
    EXPECT_TRUE(CodeGrant::finish(std::move(*grant), Session(), absent));
    EXPECT_TRUE(callbacks.listening()) << "the page waits";
    absent.kept = nullptr;
    EXPECT_EQ(browser.page().body.find("You are signed in"), std::string::npos);
    EXPECT_FALSE(callbacks.listening());
}

TEST_F(CodeGrantTest, goes_on_with_paste_alone_when_the_port_is_taken) {
    callbacks.taken = true;
    auto fixed = plan();
    fixed.redirect_port = 8765;
    when_paste_is_offered([this] { person.paste("from-paste#good"); });
    auto grant = CodeGrant::open(callbacks, fixed);
    ASSERT_TRUE(grant) << grant.error().what;
    EXPECT_EQ(grant->redirect_uri(), "https://console.example/code");
    const auto received =
        grant->ask(person, {.browser_url = "b", .manual_url = "m"}, stop.get_token());
    ASSERT_TRUE(received) << received.error().what;
    EXPECT_EQ(received->redirect_uri, "https://console.example/code");
    const auto notice = person.all<Notice>().at(0).text;
    EXPECT_NE(notice.find("the port is taken"), std::string::npos) << notice;
    EXPECT_NE(notice.find("redirect_port"), std::string::npos) << notice;
    EXPECT_EQ(person.all<OpenBrowser>().at(0).url, "m") << "a page that comes back to nobody";
}

TEST_F(CodeGrantTest, names_the_setting_of_a_taken_port_where_nothing_can_be_pasted) {
    callbacks.taken = true;
    auto fixed = plan();
    fixed.manual_redirect_uri.clear();
    fixed.redirect_port = 8765;
    const auto by_port = CodeGrant::open(callbacks, fixed);
    ASSERT_FALSE(by_port);
    EXPECT_EQ(by_port.error().what, "the port is taken; the profile's redirect_port asks for it");
    EXPECT_NE(by_port.error().hint.find("port 8765"), std::string::npos);
    fixed.redirect_port = 0;
    fixed.redirect_uri = "http://127.0.0.1:9876/callback";
    const auto by_uri = CodeGrant::open(callbacks, fixed);
    EXPECT_EQ(by_uri.error().what, "the port is taken; the profile's redirect_uri asks for it");
    EXPECT_NE(by_uri.error().hint.find("port 9876"), std::string::npos);
    fixed.redirect_uri = "http://127.0.0.1:{port}/callback";
    const auto chosen = CodeGrant::open(callbacks, fixed);
    EXPECT_EQ(chosen.error().what, "the port is taken") << "no setting is to blame";
    EXPECT_NE(chosen.error().hint.find("--device"), std::string::npos);
}

TEST_F(CodeGrantTest, ignores_a_paste_that_comes_after_the_end) {
    std::function<void(Secret)> late;
    {
        struct Keeper : testing::FakePerson {
            std::function<void(Secret)>* kept = nullptr;
            void on_paste(std::function<void(Secret)> receive) override {
                if (receive) *kept = receive;
            }
        } keeper;
        keeper.kept = &late;
        auto grant = CodeGrant::open(callbacks, plan()).value();
        stop.request_stop();
        EXPECT_FALSE(grant.ask(keeper, {.browser_url = "b", .manual_url = ""}, stop.get_token()));
    }
    late(Secret("too late"));
}

}  // namespace
}  // namespace hearth::providers
