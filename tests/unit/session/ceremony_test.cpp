#include "session/ceremony.hpp"

#include <gtest/gtest.h>

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

class Ceremony : public ::testing::Test {
  protected:
    Result<Placed> signed_in(bool switch_account = false) {
        provider.page.clear();
        return sign_in(shelf, provider, profile,
                       {.options = {}, .switch_account = switch_account, .token = {}}, person, {});
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

TEST_F(Ceremony, asks_no_person_for_what_a_newer_hearth_has_stored) {
    const std::string newer = R"({"format":99})";
    ASSERT_TRUE(store.save(profile.session, Secret(newer)));
    const auto refused = signed_in(true);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().remedy, Remedy::refused);
    EXPECT_EQ(provider.sign_ins, 0);
    EXPECT_EQ((*store.load(profile.session))->reveal(), newer);
}

}  // namespace
}  // namespace hearth::session
