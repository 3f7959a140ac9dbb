#include "session/organization.hpp"

#include <gmock/gmock.h>

#include "session/publication.hpp"
#include "support/world.hpp"

namespace hearth::session {
namespace {

using std::chrono::minutes;
using ::testing::HasSubstr;

class Organization : public ::testing::Test {
  protected:
    static Account account_of(std::string id, std::string name = {}) {
        Account account;
        account.organization_id = std::move(id);
        account.organization_name = std::move(name);
        return account;
    }
    // The world's profile as it is, but for what it requires.
    void require(std::vector<std::string> organizations) {
        auto profile = std::make_shared<Profile>(*world.settings.profiles.at(testing::World::id()));
        profile->required_organizations = std::move(organizations);
        world.settings.profiles[testing::World::id()] = profile;
    }
    testing::World::Process& signed_in() {
        auto& process = world.start();
        world.sign_in(process);
        return process;
    }
    static Profile requiring(std::vector<std::string> organizations) {
        Profile profile = *testing::World().settings.profiles.begin()->second;
        profile.required_organizations = std::move(organizations);
        return profile;
    }

    testing::World world;
};

TEST_F(Organization, of_any_kind_will_do_where_none_is_required) {
    EXPECT_TRUE(organization_allowed(requiring({}), account_of("o-1")));
    EXPECT_TRUE(organization_allowed(requiring({}), account_of("")));
    EXPECT_TRUE(organization_allowed(requiring({}), "ANTHROPIC_API_KEY"));
}

TEST_F(Organization, has_to_be_one_of_those_required) {
    EXPECT_TRUE(organization_allowed(requiring({"o-1", "o-2"}), account_of("o-2")));
    const auto other = organization_allowed(requiring({"o-1", "o-2"}), account_of("o-3", "Third"));
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().remedy, Remedy::refused);
    EXPECT_THAT(other.error().what, HasSubstr("o-1 or o-2"));
    EXPECT_THAT(other.error().what, HasSubstr("Third (o-3)"));
}

TEST_F(Organization, is_not_guessed_where_nobody_tells_it) {
    EXPECT_FALSE(organization_allowed(requiring({"o-1"}), account_of("")));
    const auto given = organization_allowed(requiring({"o-1"}), "ANTHROPIC_API_KEY");
    ASSERT_FALSE(given);
    EXPECT_THAT(given.error().what, HasSubstr("ANTHROPIC_API_KEY"));
}

TEST_F(Organization, of_another_kind_is_kept_and_renewed_but_not_handed_out) {
    auto& process = signed_in();
    require({"o-1"});
    process.engine().configure(world.settings);
    world.settle();
    const auto answer = world.ask(process);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().remedy, Remedy::refused);
    EXPECT_EQ(process.engine().warm(testing::World::id()), nullptr);
    EXPECT_EQ(process.engine().publication(testing::World::id())->view().credential, nullptr);
    const auto status = process.engine().status(testing::World::id());
    EXPECT_EQ(status->state, State::refused);
    EXPECT_THAT(status->last_error, HasSubstr("o-1"));

    world.pass(minutes(61));
    EXPECT_EQ(world.stored().version.counter, 2U) << "the session is not left to die";
    EXPECT_TRUE(std::ranges::any_of(
        process.events(), [](const Event& event) { return event.kind == Event::Kind::refused; }));

    require({});
    process.engine().configure(world.settings);
    world.settle();
    EXPECT_TRUE(world.ask(process));
}

TEST_F(Organization, of_another_kind_replaces_no_session) {
    auto& process = signed_in();
    const auto before = world.stored().version;
    require({"o-1"});
    process.engine().configure(world.settings);
    std::optional<Result<SignedIn>> end;
    const auto ticket = process.engine().sign_in(
        testing::World::id(), {}, std::make_shared<testing::SilentPerson>(),
        [&](Result<SignedIn> result) { end = std::move(result); });
    world.settle();
    ASSERT_TRUE(end);
    ASSERT_FALSE(*end);
    EXPECT_EQ(end->error().remedy, Remedy::refused);
    EXPECT_EQ(world.stored().version, before);
    EXPECT_EQ(world.provider.revocations, 1) << "nothing is left behind at the provider";
}

TEST_F(Organization, says_nothing_of_a_token_that_was_given) {
    require({"o-1"});
    auto& process = world.start();
    process.engine().give(*sources::find("HEARTH_TOKEN_FD"), Secret("given"));
    world.settle();
    const auto answer = world.ask(process);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().remedy, Remedy::refused);
    EXPECT_THAT(answer.error().what, HasSubstr("HEARTH_TOKEN_FD"));
}

}  // namespace
}  // namespace hearth::session
