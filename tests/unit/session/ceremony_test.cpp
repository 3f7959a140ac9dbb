#include "session/ceremony.hpp"

#include <gtest/gtest.h>

#include "session/codec.hpp"
#include "stores/memory_store.hpp"
#include "support/world.hpp"

namespace hearth::session {
namespace {

// Nobody else wants them.
class FreeLocks : public Locks {
  public:
    Result<std::unique_ptr<HeldLock>> try_acquire(const SessionId&) override {
        return std::make_unique<HeldLock>();
    }
    Result<std::unique_ptr<HeldLock>> try_acquire_sign_in(const ProfileName&) override {
        return std::make_unique<HeldLock>();
    }
};

class OneJournal : public Journals {
  public:
    Result<Journal> read(const SessionId&) override { return journal_; }
    Result<> write(const SessionId&, const Journal& journal) override {
        journal_ = journal;
        return {};
    }
    Result<std::unique_ptr<Watch>> watch(std::function<void(SessionId)>) override {
        return std::make_unique<Watch>();
    }

  private:
    Journal journal_;
};

class FailingStore : public stores::MemoryStore {
  public:
    stores::StoreResult<> save(const SessionId& id, const Secret& document) override {
        if (!works) return std::unexpected(error);
        return MemoryStore::save(id, document);
    }
    bool works = true;
    stores::StoreError error{stores::Fault::full, {Remedy::failed, "no space is left", ""}};
};

// Has a page in the browser that waits for how it ends.
class ProviderWithPage : public testing::FakeProvider {
  public:
    using FakeProvider::FakeProvider;
    Result<Session> sign_in(const Profile& profile, const providers::SignInOptions& options,
                            providers::Person& person, std::stop_token stop) override {
        auto session = FakeProvider::sign_in(profile, options, person, std::move(stop));
        person.on_end([this](const Result<>& end) { page.push_back(end); });
        return session;
    }
    std::vector<Result<>> page;  // What it was told.
};

// Takes keys, and says what it is told to when it is asked about one.
class ProviderWithKeys : public testing::FakeProvider {
  public:
    using FakeProvider::FakeProvider;
    Result<Session> adopt_key(const Profile& profile, Secret key) override {
        return adopt(profile, std::move(key));
    }
    Result<std::vector<providers::Fact>> whoami(const Profile& /*profile*/,
                                                const Session& /*session*/,
                                                std::stop_token /*stop*/) override {
        ++asked;
        if (verdict) return std::vector<providers::Fact>{};
        return std::unexpected(verdict.error());
    }
    Result<> verdict{};
    int asked = 0;
};

// Takes over what another program holds.
class ProviderThatTakesOver : public testing::FakeProvider {
  public:
    using FakeProvider::FakeProvider;
    Result<Session> take_over(const Profile& profile, providers::HeldTokens tokens,
                              const std::stop_token& /*stop*/) override {
        ++taken;
        return adopt(profile, std::move(tokens.refresh_token));
    }
    int taken = 0;
};

class Ceremony : public ::testing::Test {
  protected:
    Result<Placed> signed_in(bool switch_account = false) {
        provider.page.clear();
        return sign_in(shelf, provider, profile,
                       {.options = {}, .switch_account = switch_account, .token = {}}, person, {});
    }
    Result<Placed> key_given(bool unverified = false) {
        SignInRequest request;
        request.key = Secret("k-1");
        request.unverified = unverified;
        return sign_in(shelf, keys, profile, std::move(request), person, {});
    }
    Result<Placed> taken_over() {
        SignInRequest request;
        request.held = providers::HeldTokens{.refresh_token = Secret("held")};
        return sign_in(shelf, holder, profile, std::move(request), person, {});
    }
    // What the page was told, once; empty when it worked.
    std::string page() {
        EXPECT_EQ(provider.page.size(), 1U);
        return provider.page.empty() || provider.page[0] ? "" : provider.page[0].error().what;
    }

    testing::FakeClock clock;
    testing::FakeRandom random;
    FreeLocks locks;
    OneJournal journals;
    FailingStore store;
    Shelf shelf{clock, random, locks, journals, store};
    ProviderWithPage provider{clock};
    ProviderWithKeys keys{clock};
    ProviderThatTakesOver holder{clock};
    testing::SilentPerson person;
    Profile profile{.name = *Name::parse("work"), .session = *Name::parse("work")};
};

TEST_F(Ceremony, tells_the_page_that_it_worked_once_the_session_is_in_the_store) {
    ASSERT_TRUE(signed_in());
    EXPECT_EQ(page(), "");
    EXPECT_TRUE(*store.load(profile.session));
}

TEST_F(Ceremony, tells_the_page_that_another_account_was_refused) {
    ASSERT_TRUE(signed_in());
    provider.account = "bob";
    const auto refused = signed_in();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().remedy, Remedy::refused);
    EXPECT_EQ(page(), "'work' is signed in as alice, and this sign-in was as bob");
    ASSERT_TRUE(signed_in(true));
    EXPECT_EQ(page(), "");
}

TEST_F(Ceremony, tells_the_page_that_the_session_could_not_be_saved) {
    store.works = false;
    EXPECT_FALSE(signed_in());
    EXPECT_EQ(page(), "no space is left");
    EXPECT_EQ(provider.revocations, 1) << "nothing is left behind at the provider";
}

TEST_F(Ceremony, keeps_a_key_that_the_provider_accepts) {
    const auto kept = key_given();
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->session->access_token.reveal(), "k-1");
    EXPECT_EQ(keys.asked, 1);
    EXPECT_EQ(keys.sign_ins, 0);
    EXPECT_TRUE(*store.load(profile.session));
}

TEST_F(Ceremony, keeps_no_key_that_the_provider_refuses) {
    keys.verdict = std::unexpected(Error{Remedy::sign_in, "the API answered 401", ""});
    const auto refused = key_given();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().remedy, Remedy::sign_in);
    EXPECT_EQ(refused.error().what, "the key was refused, and is not kept: the API answered 401");
    EXPECT_FALSE(*store.load(profile.session));
}

TEST_F(Ceremony, keeps_a_key_unchecked_only_when_told_to) {
    keys.verdict = std::unexpected(Error{Remedy::unreachable, "no answer", ""});
    const auto unchecked = key_given();
    ASSERT_FALSE(unchecked);
    EXPECT_EQ(unchecked.error().remedy, Remedy::unreachable);
    EXPECT_EQ(unchecked.error().hint,
              "hearth login work --with-key --no-verify keeps it unchecked");
    EXPECT_FALSE(*store.load(profile.session));
    EXPECT_TRUE(key_given(true));
    EXPECT_EQ(keys.asked, 1) << "a key that is kept unchecked is not asked about";
}

TEST_F(Ceremony, takes_no_key_for_a_provider_without_keys) {
    SignInRequest request;
    request.key = Secret("k-1");
    const auto refused = sign_in(shelf, provider, profile, std::move(request), person, {});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().remedy, Remedy::usage);
    EXPECT_EQ(refused.error().hint, "hearth login work --with-token");
}

TEST_F(Ceremony, asks_no_person_for_what_a_newer_hearth_has_stored) {
    const std::string newer = R"({"format":99})";
    ASSERT_TRUE(store.save(profile.session, Secret(newer)));
    const auto refused = signed_in(true);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().remedy, Remedy::refused);
    EXPECT_EQ(provider.sign_ins, 0);
    EXPECT_EQ((*store.load(profile.session))->reveal(), newer);
}

TEST_F(Ceremony, takes_over_what_another_program_holds) {
    ASSERT_TRUE(taken_over());
    EXPECT_TRUE(*store.load(profile.session));
}

TEST_F(Ceremony, never_replaces_a_session_by_what_another_program_holds) {
    const auto placed = signed_in();
    ASSERT_TRUE(placed);
    const auto refused = taken_over();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().remedy, Remedy::refused);
    EXPECT_EQ(holder.taken, 0) << "the provider was asked in vain";
    const auto stored = decode((*store.load(profile.session))->reveal());
    ASSERT_TRUE(stored);
    EXPECT_EQ(stored->version, placed->session->version);
}

TEST_F(Ceremony, takes_over_nothing_of_an_organisation_that_the_profile_does_not_allow) {
    profile.required_organizations = {"o-wanted"};
    EXPECT_EQ(taken_over().error().remedy, Remedy::refused);
    EXPECT_FALSE(*store.load(profile.session));
}

}  // namespace
}  // namespace hearth::session
