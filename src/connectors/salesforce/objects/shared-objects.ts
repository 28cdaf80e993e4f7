import type { ObjectDefinition } from './object-definition.js';
import { currency, KEYS, product, status } from './own-fields.js';

/** Everywhere: people, quotes and the timeline. */
export const SHARED_OBJECTS = {
  Account: {
    standard: {
      Name: 'text',
      FirstName: 'text',
      LastName: 'text',
      PersonEmail: 'text',
      PersonBirthdate: 'date',
      PersonMailingStreet: 'text',
      PersonMailingCity: 'text',
      PersonMailingState: 'text',
      PersonMailingPostalCode: 'text',
      PersonMailingCountry: 'text',
      Phone: 'text',
      BillingStreet: 'text',
      BillingCity: 'text',
      BillingState: 'text',
      BillingPostalCode: 'text',
      BillingCountry: 'text',
      RecordTypeId: 'id',
    },
    own: { ...KEYS, Socotra_Email__c: { label: 'Socotra E-mail', type: 'email' } },
    relations: {},
  },
  Contact: {
    standard: {
      FirstName: 'text',
      LastName: 'text',
      Email: 'text',
      Phone: 'text',
      Birthdate: 'date',
      MailingStreet: 'text',
      MailingCity: 'text',
      MailingState: 'text',
      MailingPostalCode: 'text',
      MailingCountry: 'text',
    },
    own: KEYS,
    relations: { Account: { kind: 'party', to: 'Account', field: 'AccountId' } },
  },
  Opportunity: {
    standard: { Name: 'text', StageName: 'picklist', CloseDate: 'date', Amount: 'money', CurrencyIsoCode: 'picklist' },
    own: {
      ...KEYS,
      Socotra_Status__c: status,
      Socotra_Product__c: product,
      Socotra_Currency__c: currency,
      Socotra_Start_Date__c: { label: 'Socotra Start Date', type: 'date' },
      Socotra_End_Date__c: { label: 'Socotra End Date', type: 'date' },
      Socotra_Selected__c: { label: 'Socotra Selected Quote', type: 'checkbox' },
    },
    relations: { Account: { kind: 'party', to: 'Account', field: 'AccountId' } },
  },
  Task: {
    standard: { Subject: 'text', Status: 'picklist', ActivityDate: 'date', Description: 'text', WhatId: 'id' },
    own: {
      Socotra_Key__c: KEYS.Socotra_Key__c,
      Socotra_Event__c: { label: 'Socotra Event', type: 'text', length: 60 },
      Socotra_Occurred_At__c: { label: 'Socotra Occurred At', type: 'datetime' },
    },
    relations: {},
  },
} as const satisfies Readonly<Record<string, ObjectDefinition>>;
